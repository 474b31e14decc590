import { canonicalVersion } from './canonical-version.ts';
import { normalName } from './normal-name.ts';

export interface FileRelease {
  /** Normal name. */
  readonly project: string;
  /** Canonical version. */
  readonly version: string;
}

/**
 * Which release a file belongs to, by its name: `name-version(-build)-python-abi-platform.whl`, or `name-version` and the
 * ending of a source archive. Undefined for anything else. Old source archives have hyphens in their names: there the
 * version begins behind the first hyphen after which a version stands.
 */
export function releaseOfFile(filename: string): FileRelease | undefined {
  const parts = /^(?<stem>.+?)(?<ending>\.whl|\.tar\.gz|\.tar\.bz2|\.tar\.xz|\.tgz|\.zip)$/i.exec(filename)?.groups;
  const words = (parts?.['stem'] ?? '').split('-');
  if (parts?.['ending']?.toLowerCase() === '.whl')
    return words.length < 5 ? undefined : release(words.slice(0, 1), words.slice(1, 2));
  for (let at = 1; at < words.length; at++) {
    const found = release(words.slice(0, at), words.slice(at));
    if (found) return found;
  }
  return undefined;
}

function release(name: readonly string[], version: readonly string[]): FileRelease | undefined {
  const canonical = canonicalVersion(version.join('-'));
  return canonical === undefined ? undefined : { project: normalName(name.join('-')), version: canonical };
}
