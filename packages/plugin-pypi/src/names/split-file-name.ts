import { canonicalVersion } from './canonical-version.ts';

/** Name and version as a file spells them. */
export interface FileSpelling {
  readonly name: string;
  readonly version: string;
}

/**
 * By the name of a file: `name-version(-build)-python-abi-platform.whl`, or `name-version` and the ending of a source archive.
 * Undefined for anything else. Old source archives have hyphens in their names: there the version begins behind the first hyphen
 * after which a version stands.
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

function spelling(name: readonly string[], version: readonly string[]): FileSpelling | undefined {
  const text = version.join('-');
  return canonicalVersion(text) === undefined ? undefined : { name: name.join('-'), version: text };
}
