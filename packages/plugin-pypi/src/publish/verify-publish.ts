import { isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { findingFrom } from 'relpipe/plugin/toolkit';
import { isFileOf, releaseOf } from '../names/release.ts';
import { findingsOf, knownFiles, notChecked } from '../planned.ts';
import { findKnownIndex } from '../settings/index-software.ts';
import { indexToPublish, type PublishingIndex } from '../settings/index-to-publish.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import { filesToPublish, publishedAlready } from './files-to-publish.ts';
import { noIdentity } from './login-for.ts';
import type { publishConfig } from './publish.ts';
import { hasCiIdentity } from './trusted-publishing.ts';
import { findUploader } from './uploader.ts';

type Planned = PlannedConfig<typeof publishConfig>;

/** Whether tool, index and login are there, and the files on the index do not conflict with the release. The files may be built later. */
export async function verifyPublish({ files, ...known }: Planned, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown(known)) return [notChecked('The release to publish')];
  const findings = await Promise.all([
    findingsOf(async () => {
      await findUploader(known.tool, context);
      return undefined;
    }),
    findingsOf(async () => {
      const target = await indexToPublish(known, process.env, context);
      return (await publishedBefore(known, knownFiles(files), target, context)) ?? missingLogin(known, target);
    }),
  ]);
  return findings.flat();
}

async function publishedBefore(
  config: { readonly project: string; readonly version: string; readonly folder?: string },
  files: Readonly<Record<string, string>> | undefined,
  { index }: PublishingIndex,
  context: ReadContext,
): Promise<Finding | undefined> {
  const release = releaseOf(config);
  const listed = await fetchProject(index, release.project, context);
  if (files) {
    publishedAlready(await filesToPublish({ ...config, files }, context.workdir), listed, index);
    return undefined;
  }
  const published = (listed ?? []).filter(({ filename }) => isFileOf(release, filename));
  if (published.length === 0) return undefined;
  return {
    level: 'warning',
    code: 'PYPI_ALREADY_PUBLISHED',
    message: `${config.project} ${config.version} is already on ${index.url}, with ${published.map(({ filename }) => filename).join(', ')}.`,
    hint: 'A file with the same bytes counts as done; other bytes fail the step.',
  };
}

function missingLogin(config: Pick<Planned, 'token' | 'trusted-publishing'>, target: PublishingIndex): Finding | undefined {
  const trusted = config['trusted-publishing'] ?? 'auto';
  const hasIdentity = hasCiIdentity(process.env);
  if (trusted === 'always') return hasIdentity ? undefined : findingFrom(noIdentity());
  if (config.token !== undefined || target.login !== undefined) return undefined;
  if (trusted === 'auto' && hasIdentity && findKnownIndex(target.url)) return undefined;
  return {
    level: 'warning',
    code: 'PYPI_CREDENTIALS_MISSING',
    message: `There are no credentials for ${target.url}; only a keyring could have them.`,
    hint: 'Set `token`, or use trusted publishing.',
  };
}
