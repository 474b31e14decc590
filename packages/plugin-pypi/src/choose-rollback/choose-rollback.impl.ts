import {
  isFullyKnown,
  plannedText,
  StepError,
  unknownUntilRun,
  type Finding,
  type PlannedConfig,
  type Preview,
  type ReadContext,
} from 'relpipe/plugin';
import { releaseOf, type Release } from '../names/release.ts';
import { compareVersions, isStable, parseVersion } from '../names/versions.ts';
import { findingsOf, notChecked } from '../planned.ts';
import { indexToRead } from '../settings/index-to-read.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import { publishedVersions, type PublishedVersion } from '../simple-api/published-versions.ts';
import type { chooseRollbackConfig, ChooseRollbackConfig, ChooseRollbackOutputs } from './choose-rollback.ts';

type Planned = PlannedConfig<typeof chooseRollbackConfig>;

/** Whether there is a version to roll back to. None at all is only a warning, because every project has a first release. */
export async function verifyChooseRollback(config: Planned, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof chooseRollbackConfig>(config)) return [notChecked('The version to roll back from')];
  const findings = await findingsOf(async () => {
    await runChooseRollback(config, { ...context, log: () => undefined });
    return undefined;
  });
  return findings.map((finding) => (firstRelease.includes(finding.code) ? { ...finding, level: 'warning' } : finding));
}

const firstRelease = ['PYPI_NO_ROLLBACK_TARGET', 'PYPI_PROJECT_NOT_FOUND'];

/** It changes nothing. */
export async function previewChooseRollback(config: Planned): Promise<Preview> {
  const { project, version, target } = config;
  const release = `${plannedText(project)} ${plannedText(version)}`;
  const what =
    target === undefined ? `chooses the version before ${release}` : `checks that ${release} can be rolled back to ${plannedText(target)}`;
  return { change: `nothing: ${what}`, unknownUntilRun: unknownUntilRun(config) };
}

/** Reads the index once and chooses. It changes nothing. */
export async function runChooseRollback(config: ChooseRollbackConfig, context: ReadContext): Promise<ChooseRollbackOutputs> {
  const from = releaseOf(config);
  const target = config.target === undefined ? undefined : releaseOf({ project: config.project, version: config.target }).version;
  const index = await indexToRead(config.index, process.env);
  const listed = await fetchProject(index, from.project, context);
  if (!listed) {
    throw new StepError('PYPI_PROJECT_NOT_FOUND', `${index.url} has no project ${from.project}.`, {
      hint: 'Check `project`, and that `index` is the index where it was published.',
    });
  }
  const { written, files } = chooseTarget({ ...from, spelled: config.version }, target, publishedVersions(from.project, listed));
  context.log(`${config.version} can be rolled back to ${written}`);
  return { version: written, files: Object.fromEntries(files.map(({ filename, sha256 }) => [filename, sha256 ?? null])) };
}

type Published = ReadonlyMap<string, PublishedVersion>;

/** With the version as the user spelled it, e.g. 1.0.0, whose canonical form is 1. */
type SpelledRelease = Release & { readonly spelled: string };

/**
 * The newest stable version before `from` that is not yanked and has no local label, because a build with a label is for some machines
 * only; or, if it is older, stable and not yanked, the one that `named` spells canonically.
 */
function chooseTarget(from: SpelledRelease, named: string | undefined, published: Published): PublishedVersion {
  const before = [...published.values()].filter((version) => isBefore(version, from)).sort(newestFirst);
  const [newest] = before.filter(({ parsed, yanked }) => isStable(parsed) && parsed.local.length === 0 && yanked === undefined);
  if (named !== undefined) return checkTarget(from, named, published, newest);
  if (newest) return newest;
  throw new StepError('PYPI_NO_ROLLBACK_TARGET', `${from.project} ${from.spelled} has no version to roll back to${whyNone(before)}.`, {
    hint: 'Fix the problem and release a new version.',
  });
}

function checkTarget(from: SpelledRelease, named: string, published: Published, instead: PublishedVersion | undefined): PublishedVersion {
  const target = published.get(named);
  if (!target) throw unsuitable('PYPI_TARGET_NOT_FOUND', `${from.project} ${named} is not on the index.`, instead);
  const { written, parsed, yanked } = target;
  if (!isBefore(target, from))
    throw unsuitable('PYPI_TARGET_NEWER', `${written} is not older than ${from.spelled}, so it would not be a rollback.`, instead);
  if (!isStable(parsed)) throw unsuitable('PYPI_TARGET_PRERELEASE', `${written} is a pre-release.`, instead);
  if (yanked !== undefined) throw unsuitable('PYPI_TARGET_YANKED', `${written} was yanked${yanked === '' ? '' : `: ${yanked}`}.`, instead);
  return target;
}

function isBefore({ parsed }: PublishedVersion, { version }: Release): boolean {
  const from = parseVersion(version);
  return from !== undefined && compareVersions(parsed, from) < 0;
}

const newestFirst = (a: PublishedVersion, b: PublishedVersion): number => compareVersions(b.parsed, a.parsed);

function whyNone(before: readonly PublishedVersion[]): string {
  if (before.length === 0) return ': the index lists no earlier version';
  const reasons = before.slice(0, 5).map((version) => `${version.written} is ${unsuitableAs(version)}`);
  return `: ${reasons.join(', ')}`;
}

function unsuitableAs({ parsed, yanked }: PublishedVersion): string {
  if (yanked !== undefined) return 'yanked';
  return isStable(parsed) ? 'a build with a local label, which is chosen only as `target`' : 'a pre-release';
}

const unsuitable = (code: string, message: string, instead: PublishedVersion | undefined): StepError =>
  new StepError(code, message, {
    hint: instead
      ? `Set \`target\` to ${instead.written}, or omit it to have that version chosen.`
      : 'There is no suitable earlier version. Fix the problem and release a new version.',
  });
