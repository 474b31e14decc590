import { StepError, type ReadContext } from 'relpipe/plugin';
import { fetchProject } from '../simple-api/fetch-project.ts';
import { fetchReleaseJson } from '../simple-api/fetch-release-json.ts';
import type { PackageIndex } from '../simple-api/package-index.ts';
import { compareRelease, type Comparison } from './compare-release.ts';
import type { WaitOutputs } from './wait-config.ts';
import type { WantedRelease } from './wanted-release.ts';

/**
 * The files of the release, all visible.
 * @throws {StepError} retryable while it is not visible or the index has trouble: `PYPI_INDEX_LAGS` when the JSON API has it already,
 * else `PYPI_NOT_VISIBLE`; for good `PYPI_YANKED`, `PYPI_OTHER_BYTES`, `PYPI_NO_HASH`,
 * `PYPI_OTHER_PYTHON` or `PYPI_PYTHON_UNSAID`
 */
export async function lookOnce(
  wanted: WantedRelease,
  index: PackageIndex,
  context: ReadContext,
): Promise<WaitOutputs['files']> {
  const compared = compareRelease(wanted, await fetchProject(index, wanted.project, context));
  if (compared.found === 'visible') return compared.files;
  if (compared.found !== 'not-yet') throw wrong(wanted, index, compared);
  const second = compareRelease(wanted, await fetchReleaseJson(index, wanted, context));
  if (second.found === 'not-yet') throw new StepError('PYPI_NOT_VISIBLE', `${compared.missing}.`, { retryable: true });
  if (second.found !== 'visible') throw wrong(wanted, index, second);
  throw new StepError('PYPI_INDEX_LAGS', `${compared.missing}, but the JSON API has it already.`, { retryable: true });
}

type Wrong = Exclude<Comparison, { found: 'visible' | 'not-yet' }>;

function wrong({ project, version }: WantedRelease, index: PackageIndex, compared: Wrong): StepError {
  switch (compared.found) {
    case 'yanked':
      return new StepError('PYPI_YANKED', `${compared.filename} has been yanked${because(compared.reason)}.`, {
        hint: `Installers skip ${project} ${version}. Release another version, or take the yank back on the index.`,
      });
    case 'other-bytes':
      return new StepError(
        'PYPI_OTHER_BYTES',
        `${compared.filename} is on the index with other bytes: sha256 ${compared.sha256}, expected ${compared.wanted}.`,
        { hint: 'Somebody else published this version, or the build was repeated. A published file never changes: release another version.' },
      );
    case 'no-hash':
      return new StepError(
        'PYPI_NO_HASH',
        `${index.url} gives no sha256 for ${compared.filename}, so it cannot be compared.`,
        { hint: 'Leave `files` out to wait without comparing, or use an index that gives hashes.' },
      );
    case 'no-python':
      return new StepError('PYPI_PYTHON_UNSAID', `${index.url} does not say for which Python versions ${compared.filename} is.`, {
        hint: 'Leave `requires-python` out where the index never says it (pypiserver); else correct the project and release another version.',
      });
    case 'other-python':
      return new StepError(
        'PYPI_OTHER_PYTHON',
        `${compared.filename} is for Python ${compared.says} by the index, expected ${compared.wanted}.`,
        { hint: 'Correct `requires-python` here, or in the project and release another version.' },
      );
  }
}

const because = (reason: string): string => (reason === '' ? '' : `: ${reason}`);
