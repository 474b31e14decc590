import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../not-settled.ts';
import { releaseOf } from '../names/release-of.ts';
import { isFileOf } from '../names/release-files.ts';
import { settledFiles } from '../names/settled-files.ts';
import { indexToPublish, type PublishingIndex } from '../settings/index-to-publish.ts';
import { findKnownIndex } from '../settings/known-indexes.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import { comparePublished } from './compare-published.ts';
import { filesToPublish } from './files-to-publish.ts';
import { noIdentity } from './login-for.ts';
import { publishConfig } from './publish-config.ts';
import { hasCiIdentity } from './trusted/ci-identity.ts';
import { findUploader } from './uploader.ts';

type Planned = PlannedConfig<typeof publishConfig>;

/** Whether it could upload: tool, index and login are there, and the index has nothing that speaks against it. The files may come later. */
export async function verifyPublish(config: Planned, context: ReadContext): Promise<readonly Finding[]> {
  const { files, ...known } = config;
  if (!isFullyKnown(known)) return [notSettled('What to publish')];
  const findings = await Promise.all([
    finding(() => findUploader(known.tool, context).then(() => undefined)),
    finding(async () => {
      const target = await indexToPublish(known, process.env, context);
      return (await whatIsThere(known, settledFiles(files), target, context)) ?? lackOfLogin(known, target);
    }),
  ]);
  return findings.flat();
}

async function finding(check: () => Promise<Finding | undefined>): Promise<readonly Finding[]> {
  try {
    const found = await check();
    return found ? [found] : [];
  } catch (error) {
    return [findingFrom(error)];
  }
}

async function whatIsThere(
  config: { readonly project: string; readonly version: string; readonly folder?: string },
  files: Readonly<Record<string, string>> | undefined,
  target: PublishingIndex,
  context: ReadContext,
): Promise<Finding | undefined> {
  const release = releaseOf(config);
  const listed = await fetchProject(target.index, release.project, context);
  const there = (listed ?? []).filter(({ filename }) => isFileOf(release, filename));
  if (files) {
    comparePublished(await filesToPublish({ ...config, files }, context.workdir), listed);
    return undefined;
  }
  if (there.length === 0) return undefined;
  return {
    level: 'warning',
    code: 'PYPI_ALREADY_THERE',
    message: `${config.project} ${config.version} is on ${target.index.url} already, with ${there.map(({ filename }) => filename).join(', ')}.`,
    hint: 'Files with the same bytes count as done, other bytes fail the step.',
  };
}

function lackOfLogin(config: Pick<Planned, 'token' | 'trusted-publishing'>, target: PublishingIndex): Finding | undefined {
  const trusted = config['trusted-publishing'] ?? 'auto';
  const canProve = hasCiIdentity(process.env);
  if (trusted === 'always') return canProve ? undefined : findingFrom(noIdentity());
  if (config.token !== undefined || target.login !== undefined) return undefined;
  if (trusted === 'auto' && canProve && findKnownIndex(target.url)) return undefined;
  return {
    level: 'warning',
    code: 'PYPI_NO_LOGIN',
    message: `There is no login for ${target.url}: only a keyring could have one.`,
    hint: 'Give `token`, or use trusted publishing.',
  };
}
