import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { diagnose, type Diagnostic, type Place } from '../errors/diagnostic.ts';
import type { Include } from './includes.ts';
import { parsePipeline } from './parse-pipeline.ts';
import type { RawPipeline } from './raw-pipeline.ts';

/**
 * Reads a pipeline file. Never throws for what is wrong with it: that is in `findings`.
 * @param include the step of another file that includes it
 */
export async function readPipeline(file: string, include?: Pick<Include, 'written' | 'at'>): Promise<RawPipeline> {
  const path = resolve(file);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return unreadable(path, cannotRead(include?.written ?? file, error as NodeJS.ErrnoException, include?.at));
  }
  const notText = whyNotText(bytes);
  if (notText) {
    const { because, offset } = notText;
    return unreadable(path, diagnose('REL_FILE_NOT_UTF8', { file, because }, placeOfByte(path, bytes, offset)));
  }
  return parsePipeline(path, new TextDecoder().decode(bytes));
}

function cannotRead(file: string, error: NodeJS.ErrnoException, includedAt: Place | undefined): Diagnostic {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return diagnose('REL_FILE_MISSING', { file, isIncluded: includedAt !== undefined }, includedAt);
    case 'EISDIR':
      return diagnose('REL_FILE_IS_FOLDER', { file }, includedAt);
    default:
      return diagnose('REL_FILE_UNREADABLE', { file, because: error.code ?? error.message }, includedAt);
  }
}

interface NotText {
  readonly because: string;
  /** The first byte that is not text. */
  readonly offset: number;
}

function whyNotText(bytes: Uint8Array): NotText | undefined {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { because: 'it starts with a UTF-16 byte order mark', offset: 0 };
  }
  const nul = bytes.indexOf(0);
  const invalid = firstInvalid(bytes);
  if (nul !== -1 && (invalid === undefined || nul < invalid)) return { because: 'it contains a NUL character', offset: nul };
  return invalid === undefined ? undefined : { because: 'some of its bytes are not UTF-8', offset: invalid };
}

/** Where the bytes stop being UTF-8: the longest start of them that can be decoded, as a sequence cut off at its end still can. */
function firstInvalid(bytes: Uint8Array): number | undefined {
  if (isUtf8(bytes)) return undefined;
  let [valid, broken] = [0, bytes.length];
  while (broken - valid > 1) {
    const middle = Math.floor((valid + broken) / 2);
    if (startsAsUtf8(bytes.subarray(0, middle))) valid = middle;
    else broken = middle;
  }
  // Back to the first byte of the character that is broken.
  while (valid > 0 && !isUtf8(bytes.subarray(0, valid))) valid--;
  return valid;
}

/** The end may be in the middle of a character. */
function startsAsUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function placeOfByte(file: string, bytes: Uint8Array, offset: number): Place {
  const lines = new TextDecoder().decode(bytes.subarray(0, offset)).split('\n');
  return { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, length: 1 };
}

function unreadable(file: string, finding: Diagnostic): RawPipeline {
  const at = { file, line: 1, column: 1, length: 1 };
  return {
    file,
    folder: dirname(file),
    source: '',
    findings: [finding],
    placeOf: () => at,
    placeOfKey: () => at,
    placeInText: () => at,
    sourceTextOf: () => undefined,
  };
}
