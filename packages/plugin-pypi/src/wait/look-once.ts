import { StepError, type ReadContext } from 'relpipe/plugin';
import { fetchProject } from '../simple-api/fetch-project.ts';
import type { PackageIndex } from '../simple-api/package-index.ts';
import { compareRelease } from './compare-release.ts';
import type { WaitOutputs } from './wait-config.ts';
import type { WantedRelease } from './wanted-release.ts';

/**
 * The files of the release, all visible.
 * @throws {StepError} retryable while it is not visible or the index has trouble; else `PYPI_YANKED`, `PYPI_OTHER_BYTES`
 * or `PYPI_NO_HASH`
 */
export async function lookOnce(
  wanted: WantedRelease,
  index: PackageIndex,
  context: ReadContext,
): Promise<WaitOutputs['files']> {
  const release = `${wanted.project} ${wanted.version}`;
  const compared = compareRelease(wanted, await fetchProject(index, wanted.project, context));
  switch (compared.found) {
    case 'visible':
      return compared.files;
    case 'not-yet':
      throw new StepError('PYPI_NOT_VISIBLE', `${compared.missing}.`, { retryable: true });
    case 'yanked':
      throw new StepError('PYPI_YANKED', `${compared.filename} has been yanked${because(compared.reason)}.`, {
        hint: `Installers skip ${release}. Release another version, or take the yank back on the index.`,
      });
    case 'other-bytes':
      throw new StepError(
        'PYPI_OTHER_BYTES',
        `${compared.filename} is on the index with other bytes: sha256 ${compared.sha256}, expected ${compared.wanted}.`,
        { hint: 'Somebody else published this version, or the build was repeated. A published file never changes: release another version.' },
      );
    case 'no-hash':
      throw new StepError(
        'PYPI_NO_HASH',
        `${index.url} gives no sha256 for ${compared.filename}, so it cannot be compared.`,
        { hint: 'Leave `files` out to wait without comparing, or use an index that gives hashes.' },
      );
  }
}

const because = (reason: string): string => (reason === '' ? '' : `: ${reason}`);
