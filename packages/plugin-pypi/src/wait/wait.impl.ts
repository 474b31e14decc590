import {
  isLater,
  isFullyKnown,
  plannedText,
  StepError,
  unknownUntilRun,
  type Finding,
  type PlannedConfig,
  type Preview,
  type ReadContext,
} from 'relpipe/plugin';
import { findingsOf, knownFiles, notChecked } from '../planned.ts';
import { pollUntil } from '../polling/poll-until.ts';
import { indexToRead } from '../settings/index-to-read.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import { fetchReleaseJson } from '../simple-api/fetch-release-json.ts';
import type { PackageIndex } from '../simple-api/package-index.ts';
import { compareRelease, expectedRelease, type ExpectedRelease } from './compare-release.ts';
import type { waitConfig, WaitConfig, WaitOutputs } from './wait.ts';

type Planned = PlannedConfig<typeof waitConfig>;

/** Whether the names are valid and the index responds; the project need not be there yet. */
export async function verifyWait({ files, ...known }: Planned, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown(known)) return [notChecked('The release to wait for')];
  return findingsOf(async () => {
    const { project } = expectedRelease({ ...known, files: knownFiles(files) ?? {} });
    await fetchProject(await indexToRead(known.index, process.env), project, context);
    return undefined;
  });
}

/** It changes nothing; the preview names the release and the index. */
export async function previewWait(config: Planned): Promise<Preview> {
  const { project, version, index } = config;
  const where = isLater(index) ? plannedText(index) : (await indexToRead(index, process.env)).url;
  return {
    change: `nothing: waits until ${plannedText(project)} ${plannedText(version)} is visible on ${where}`,
    unknownUntilRun: unknownUntilRun(config),
  };
}

/** Asks until the release is visible. An index that lags or fails for a moment is asked again; a wrong file ends the step at once. */
export async function runWait(config: WaitConfig, context: ReadContext): Promise<WaitOutputs> {
  const expected = expectedRelease(config);
  const index = await indexToRead(config.index, process.env);
  const subject = `${expected.project} ${expected.version}`;
  const { timeout, poll } = config;
  const started = context.clock.now();
  const polling = { subject, timeout, poll, tooLate: tooLate(subject, index.url) };
  const files = await pollUntil(() => visibleFiles(expected, index, context), polling, context);
  return { files, waited: context.clock.now() - started };
}

/**
 * The files of the release, all visible.
 * @throws {StepError} retryable while it is not visible: `PYPI_INDEX_LAGS` when the JSON API has it already, else `PYPI_NOT_VISIBLE`;
 * also those of the index and of a wrong file
 */
async function visibleFiles(expected: ExpectedRelease, index: PackageIndex, context: ReadContext): Promise<WaitOutputs['files']> {
  const { files, missing } = compareRelease(expected, await fetchProject(index, expected.project, context), index);
  if (files) return files;
  const second = compareRelease(expected, await fetchReleaseJson(index, expected, context), index);
  throw second.files
    ? new StepError('PYPI_INDEX_LAGS', `${missing}, but the JSON API has the release already.`, { retryable: true })
    : new StepError('PYPI_NOT_VISIBLE', `${missing}.`, { retryable: true });
}

const tooLate = (release: string, url: string) => (last: StepError, timeoutMs: number) =>
  new StepError(
    last.code === 'PYPI_INDEX_LAGS' ? last.code : 'PYPI_NOT_VISIBLE',
    `${release} was not visible on ${url} within ${timeoutMs / 1000} s: ${last.message}`,
    {
      hint:
        last.code === 'PYPI_INDEX_LAGS'
          ? 'The upload has arrived and the index lags: resume later, or wait longer with `timeout`.'
          : 'Check that the upload went to this index; then resume, or wait longer with `timeout`.',
      cause: last,
    },
  );
