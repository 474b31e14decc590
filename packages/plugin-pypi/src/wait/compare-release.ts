import { StepError } from 'relpipe/plugin';
import { isFileOf, releaseFiles, releaseOf, type Release } from '../names/release.ts';
import { canonicalSpecifiers } from '../names/versions.ts';
import { refuseOtherBytes, refuseYanked, type IndexFile } from '../simple-api/index-file.ts';
import type { PackageIndex } from '../simple-api/package-index.ts';
import type { WaitConfig, WaitOutputs } from './wait.ts';

export interface ExpectedRelease extends Release {
  /** sha256 in lower case by file name; empty: any file is enough. */
  readonly files: ReadonlyMap<string, string>;
  /** In canonical form; undefined: whatever the index states. */
  readonly requiresPython: string | undefined;
}

/**
 * Refuses a release that could never become visible, instead of waiting for it.
 * @throws {StepError} `PYPI_VERSION_INVALID`, `PYPI_FILE_NAME_MISMATCH`
 */
export function expectedRelease(config: WaitConfig): ExpectedRelease {
  const release = releaseOf(config);
  const requiresPython = config['requires-python'];
  return {
    ...release,
    files: releaseFiles(release, config.files ?? {}),
    requiresPython: requiresPython === undefined ? undefined : canonicalSpecifiers(requiresPython),
  };
}

/** Missing files are not an error: an index and its caches lag after an upload. */
type Comparison = { readonly files: WaitOutputs['files']; readonly missing?: never } | { readonly files?: never; readonly missing: string };

/**
 * Compares the files that an index lists with those that are expected. `listed` is undefined while the index does not know the
 * project. Wrong files come before missing ones.
 * @throws {StepError} `PYPI_YANKED`, `PYPI_HASH_MISMATCH`, `PYPI_HASH_MISSING`, `PYPI_REQUIRES_PYTHON_MISMATCH`,
 * `PYPI_REQUIRES_PYTHON_MISSING`
 */
export function compareRelease(expected: ExpectedRelease, listed: readonly IndexFile[] | undefined, index: PackageIndex): Comparison {
  if (!listed) return { missing: 'the project is not listed yet' };
  const files = listed.filter(({ filename }) => isFileOf(expected, filename));
  for (const file of files) refuseYanked(file);
  for (const file of files) {
    const sha256 = expected.files.get(file.filename);
    if (sha256 !== undefined)
      refuseOtherBytes(file, sha256, index, 'Omit `files` to wait without comparing, or use an index that provides hashes.');
  }
  for (const file of files) if (expected.requiresPython !== undefined) refuseOtherPython(file, expected.requiresPython, index);
  const missing = missingFiles(expected, files);
  return missing === undefined
    ? { files: Object.fromEntries(files.map(({ filename, sha256 }) => [filename, sha256 ?? null])) }
    : { missing };
}

function refuseOtherPython({ filename, requiresPython }: IndexFile, expected: string, { url }: PackageIndex): void {
  if (requiresPython === undefined) {
    throw new StepError('PYPI_REQUIRES_PYTHON_MISSING', `${url} does not state which Python versions ${filename} requires.`, {
      hint: 'Omit `requires-python` for an index that never states it (pypiserver); otherwise correct the project and release another version.',
    });
  }
  if (canonicalSpecifiers(requiresPython) === expected) return;
  throw new StepError('PYPI_REQUIRES_PYTHON_MISMATCH', `${filename} requires Python ${requiresPython}, expected ${expected}.`, {
    hint: 'Correct `requires-python` here; or correct the project and release another version.',
  });
}

function missingFiles({ files }: ExpectedRelease, listed: readonly IndexFile[]): string | undefined {
  const names = new Set(listed.map(({ filename }) => filename));
  const missing = [...files.keys()].filter((name) => !names.has(name));
  if (missing.length > 0) return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not listed yet`;
  return listed.length === 0 ? 'the version has no files yet' : undefined;
}
