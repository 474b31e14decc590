import { StepError, type ReadContext } from 'relpipe/plugin';
import { packageIndex, type PackageIndex } from '../simple-api/package-index.ts';
import { indexSoftware } from './index-software.ts';
import { indexToRead } from './index-to-read.ts';
import { findKnownIndex } from './known-indexes.ts';
import { pipIndex } from './pip-index.ts';
import { isUploadConfigured, uploadAddress, type UploadAddress } from './upload-address.ts';

/** Where files are uploaded to, and where they are seen then. The two belong to the same index. */
export interface PublishingIndex extends UploadAddress {
  readonly index: PackageIndex;
}

interface Named {
  readonly index?: string | undefined;
  readonly upload?: string | undefined;
}

/**
 * The step names both addresses, or one from which the other follows, or none: then it is the index that twine, uv and pip are
 * configured for.
 * @throws {StepError} `PYPI_UPLOAD_UNKNOWN`, `PYPI_INDEX_UNKNOWN`, and what reading the settings throws
 */
export async function indexToPublish(named: Named, environment: NodeJS.ProcessEnv, context: ReadContext): Promise<PublishingIndex> {
  if (named.index === undefined) return besideUpload(await uploadAddress(named.upload, environment), environment, context);
  const index = await indexToRead(named.index, environment);
  return { ...(await uploadOf(index, named.upload, environment, context)), index };
}

/** Of a named index: its own address, and never that of another one which the machine happens to be configured for. */
async function uploadOf(
  index: PackageIndex,
  named: string | undefined,
  environment: NodeJS.ProcessEnv,
  context: ReadContext,
): Promise<UploadAddress> {
  if (named !== undefined) return uploadAddress(named, environment);
  const configured = isUploadConfigured(environment) ? await uploadAddress(undefined, environment) : undefined;
  if (configured && isSameServer(configured.url, index.url)) return configured;
  const software = await indexSoftware(index, context);
  if (software.kind !== 'unknown') return uploadAddress(software.upload, environment);
  throw new StepError('PYPI_UPLOAD_UNKNOWN', `Where to upload to so that it appears on ${index.url} is not known.`, {
    hint: 'Say it with `upload`: the address you would give to `twine upload --repository-url`.',
  });
}

async function besideUpload(address: UploadAddress, environment: NodeJS.ProcessEnv, context: ReadContext): Promise<PublishingIndex> {
  const known = findKnownIndex(address.url);
  if (known) return { ...address, index: packageIndex(known.simple, '`upload`') };
  const ofPip = await pipIndex(environment);
  const configured = ofPip && packageIndex(ofPip.value, ofPip.source);
  if (configured && isSameServer(configured.url, address.url)) return { ...address, index: configured };
  const software = await indexSoftware(packageIndex(address.url, '`upload`'), context);
  if (software.kind !== 'unknown') return { ...address, index: packageIndex(software.simple, '`upload`') };
  throw new StepError('PYPI_INDEX_UNKNOWN', `Where the files uploaded to ${address.url} can be seen is not known.`, {
    hint: 'Say it with `index`: the Simple API that pip would install them from. Without it nobody could tell what is there already.',
  });
}

const isSameServer = (a: string, b: string): boolean => new URL(a).origin === new URL(b).origin;
