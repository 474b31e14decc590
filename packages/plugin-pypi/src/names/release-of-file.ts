import { canonicalVersion } from './canonical-version.ts';
import { normalName } from './normal-name.ts';
import { splitFileName } from './split-file-name.ts';

export interface FileRelease {
  /** Normal name. */
  readonly project: string;
  /** Canonical version. */
  readonly version: string;
}

/** Which release a file belongs to, by its name. Undefined for what is no wheel and no source archive. */
export function releaseOfFile(filename: string): FileRelease | undefined {
  const written = splitFileName(filename);
  const version = written && canonicalVersion(written.version);
  return version === undefined ? undefined : { project: normalName(written?.name ?? ''), version };
}
