import { StepError, type ReadContext } from 'relpipe/plugin';
import { packageIndex, type PackageIndex } from '../simple-api/package-index.ts';
import { findKnownIndex, indexSoftware } from './index-software.ts';
import { indexToRead, pipIndex } from './index-to-read.ts';
import { isUploadConfigured, uploadAddress, type UploadAddress } from './upload-address.ts';

/** Where files are uploaded to, and where they are listed afterwards. Both belong to the same index. */
export interface PublishingIndex extends UploadAddress {
  readonly index: PackageIndex;
}

interface Named {
  readonly index?: string | undefined;
  readonly upload?: string | undefined;
}

/**
 * A step names both addresses, or one from which the other follows, or none: then it is the index that twine, uv and pip are
 * configured for.
 * @throws {StepError} `PYPI_UPLOAD_URL_UNKNOWN`, `PYPI_INDEX_URL_UNKNOWN`, and the errors of reading the configuration
 */
export async function indexToPublish(named: Named, environment: NodeJS.ProcessEnv, context: ReadContext): Promise<PublishingIndex> {
  if (named.index === undefined) return withIndex(await uploadAddress(named.upload, environment), environment, context);
  const index = await indexToRead(named.index, environment);
  return { ...(await uploadOf(index, named.upload, environment, context)), index };
}

async function withIndex(address: UploadAddress, environment: NodeJS.ProcessEnv, context: ReadContext): Promise<PublishingIndex> {
  const known = findKnownIndex(address.url);
  if (known) return { ...address, index: packageIndex(known.simple, '`upload`') };
  const configured = await pipIndex(environment);
  if (configured && isSameServer(configured.url, address.url)) return { ...address, index: configured };
  const software = await indexSoftware(packageIndex(address.url, '`upload`'), context);
  if (software.kind !== 'unknown') return { ...address, index: packageIndex(software.simple, '`upload`') };
  throw new StepError('PYPI_INDEX_URL_UNKNOWN', `The index that lists the files uploaded to ${address.url} is not known.`, {
    hint: 'Set `index` to the Simple API that pip would install them from. It is needed to see which files are already there.',
  });
}

/** The upload address of a named index, and never that of another index which the machine happens to be configured for. */
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
  throw new StepError('PYPI_UPLOAD_URL_UNKNOWN', `The upload address of ${index.url} is not known.`, {
    hint: 'Set `upload` to the address that you would give to `twine upload --repository-url`.',
  });
}

const isSameServer = (a: string, b: string): boolean => new URL(a).origin === new URL(b).origin;
