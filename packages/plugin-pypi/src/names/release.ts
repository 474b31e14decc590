import { StepError } from 'relpipe/plugin';
import { canonicalVersion } from './versions.ts';

/** A release by its normal name (PEP 503) and its canonical version (PEP 440), whatever the spelling it was given in. */
export interface Release {
  readonly project: string;
  readonly version: string;
}

/** @throws {StepError} `PYPI_VERSION_INVALID` */
export function releaseOf(written: Release): Release {
  const version = canonicalVersion(written.version);
  if (version !== undefined) return { project: normalName(written.project), version };
  throw new StepError('PYPI_VERSION_INVALID', `"${written.version}" is not a valid version of a Python package.`, {
    hint: 'Write it in the form of PEP 440, e.g. 1.4.0, 1.4.0rc1 or 1.4.0.post1.',
  });
}

/** The same name for every spelling: `Friendly_Bard` is `friendly-bard`. */
export const normalName = (name: string): string => name.replace(/[-_.]+/g, '-').toLowerCase();

/** The release that a file belongs to, by its name. Undefined for anything other than a wheel or a source archive. */
export function releaseOfFile(filename: string): Release | undefined {
  const written = splitFileName(filename);
  const version = written && canonicalVersion(written.version);
  return version === undefined ? undefined : { project: normalName(written?.name ?? ''), version };
}

export const isFileOf = (release: Release, filename: string): boolean => {
  const found = releaseOfFile(filename);
  return found?.project === release.project && found.version === release.version;
};

/**
 * The sha256 of each file in lower case, by its name.
 * @throws {StepError} `PYPI_FILE_NAME_MISMATCH`
 */
export function releaseFiles(release: Release, files: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  for (const name of Object.keys(files)) {
    if (isFileOf(release, name)) continue;
    throw new StepError('PYPI_FILE_NAME_MISMATCH', `${name} is not a file of ${release.project} ${release.version}.`, {
      hint: 'List only wheels and source archives of this version.',
    });
  }
  return new Map(Object.entries(files).map(([name, sha256]) => [name, sha256.toLowerCase()]));
}

/** Name and version as a file spells them. */
interface FileSpelling {
  readonly name: string;
  readonly version: string;
}

/**
 * By the name of a file: `name-version(-build)-python-abi-platform.whl`, or `name-version` and the ending of a source archive.
 * Undefined for anything else. Old source archives have hyphens in their names: there the version starts after the first hyphen
 * that a valid version follows.
 */
export function splitFileName(filename: string): FileSpelling | undefined {
  const parts = /^(?<stem>.+?)(?<ending>\.whl|\.tar\.gz|\.tar\.bz2|\.tar\.xz|\.tgz|\.zip)$/i.exec(filename)?.groups;
  const words = (parts?.['stem'] ?? '').split('-');
  if (parts?.['ending']?.toLowerCase() === '.whl') return words.length < 5 ? undefined : spelling(words.slice(0, 1), words.slice(1, 2));
  for (let at = 1; at < words.length; at++) {
    const found = spelling(words.slice(0, at), words.slice(at));
    if (found) return found;
  }
  return undefined;
}

function spelling(name: readonly string[], versionParts: readonly string[]): FileSpelling | undefined {
  const version = versionParts.join('-');
  return canonicalVersion(version) === undefined ? undefined : { name: name.join('-'), version };
}
