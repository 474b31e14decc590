import { StepError } from 'relpipe/plugin';
import type { PackageIndex } from './package-index.ts';

/** One file as an index lists it. */
export interface IndexFile {
  readonly filename: string;
  /** In lower case; undefined where the index does not provide it. */
  readonly sha256: string | undefined;
  /** The reason, possibly empty; undefined when the file is not yanked (PEP 592). */
  readonly yanked: string | undefined;
  /** The Python versions it is for, e.g. `>=3.9`; undefined where the index does not state them. */
  readonly requiresPython: string | undefined;
}

/** @throws {StepError} `PYPI_YANKED` */
export function refuseYanked({ filename, yanked }: IndexFile): void {
  if (yanked === undefined) return;
  throw new StepError('PYPI_YANKED', `${filename} was yanked${yanked === '' ? '' : `: ${yanked}`}.`, {
    hint: 'Installers skip yanked files. Release another version, or un-yank this one on the index.',
  });
}

/**
 * `hintWithoutHash` says what to do where the index provides no hash.
 * @throws {StepError} `PYPI_HASH_MISMATCH`, `PYPI_HASH_MISSING`
 */
export function refuseOtherBytes({ filename, sha256 }: IndexFile, expected: string, { url }: PackageIndex, hintWithoutHash: string): void {
  if (sha256 === undefined) throw hashMissing(filename, url, hintWithoutHash);
  if (sha256 === expected) return;
  throw new StepError('PYPI_HASH_MISMATCH', `${filename} on ${url} has other bytes: sha256 ${sha256}, expected ${expected}.`, {
    hint: 'Somebody else published this version, or it was built twice. A published file cannot be replaced: release another version.',
  });
}

export const hashMissing = (what: string, url: string, hint: string): StepError =>
  new StepError('PYPI_HASH_MISSING', `${url} provides no sha256 for ${what}.`, { hint });
