import { normalSpecifiers } from '../names/normal-specifiers.ts';
import { isFileOf } from '../names/release-files.ts';
import type { IndexFile } from '../simple-api/index-file.ts';
import type { WantedRelease } from './wanted-release.ts';

/** What an index shows of a release, compared with what is wanted. */
export type Comparison =
  | { readonly found: 'visible'; readonly files: Readonly<Record<string, string | null>> }
  /** Not an error: an index and its caches lag behind the upload. */
  | { readonly found: 'not-yet'; readonly missing: string }
  | { readonly found: 'yanked'; readonly filename: string; readonly reason: string }
  | { readonly found: 'other-bytes'; readonly filename: string; readonly sha256: string; readonly wanted: string }
  | { readonly found: 'no-hash'; readonly filename: string }
  | { readonly found: 'no-python'; readonly filename: string }
  | { readonly found: 'other-python'; readonly filename: string; readonly says: string; readonly wanted: string };

/** `listed` is undefined while the index does not know the project. What is wrong is said before what is missing. */
export function compareRelease(wanted: WantedRelease, listed: readonly IndexFile[] | undefined): Comparison {
  if (!listed) return { found: 'not-yet', missing: 'the project is not there yet' };
  const files = listed.filter(({ filename }) => isFileOf(wanted, filename));
  const wrong = firstOf(files, yanked) ?? firstOf(files, wrongBytes(wanted)) ?? firstOf(files, wrongPython(wanted));
  if (wrong) return wrong;
  const missing = whatIsMissing(wanted, files);
  if (missing !== undefined) return { found: 'not-yet', missing };
  return {
    found: 'visible',
    files: Object.fromEntries(files.map(({ filename, sha256 }) => [filename, sha256 ?? null])),
  };
}

type Check = (file: IndexFile) => Comparison | undefined;

function firstOf(files: readonly IndexFile[], check: Check): Comparison | undefined {
  for (const file of files) {
    const wrong = check(file);
    if (wrong) return wrong;
  }
  return undefined;
}

const yanked: Check = ({ filename, yanked: reason }) =>
  reason === undefined ? undefined : { found: 'yanked', filename, reason };

const wrongBytes =
  (release: WantedRelease): Check =>
  ({ filename, sha256 }) => {
    const wanted = release.files.get(filename);
    if (wanted === undefined || sha256 === wanted) return undefined;
    return sha256 === undefined ? { found: 'no-hash', filename } : { found: 'other-bytes', filename, sha256, wanted };
  };

const wrongPython =
  ({ requiresPython: wanted }: WantedRelease): Check =>
  ({ filename, requiresPython: says }) => {
    if (wanted === undefined) return undefined;
    if (says === undefined) return { found: 'no-python', filename };
    return normalSpecifiers(says) === wanted ? undefined : { found: 'other-python', filename, says, wanted };
  };

function whatIsMissing({ files }: WantedRelease, listed: readonly IndexFile[]): string | undefined {
  const names = new Set(listed.map(({ filename }) => filename));
  const missing = [...files.keys()].filter((name) => !names.has(name));
  if (missing.length > 0) return `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not listed yet`;
  return listed.length === 0 ? 'the version has no files yet' : undefined;
}
