import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { parsePipeline } from './parse-pipeline.ts';
import type { RawPipeline } from './raw-pipeline.ts';

/** Reads a pipeline file. Never throws for what is wrong with it: that is in `findings`. */
export async function readPipeline(file: string): Promise<RawPipeline> {
  const path = resolve(file);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return unreadable(path, cannotRead(file, error as NodeJS.ErrnoException));
  }
  const notText = whyNotText(bytes);
  if (notText) return unreadable(path, diagnose('REL_FILE_NOT_UTF8', { file, because: notText }));
  return parsePipeline(path, new TextDecoder().decode(bytes));
}

function cannotRead(file: string, error: NodeJS.ErrnoException): Diagnostic {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return diagnose('REL_FILE_MISSING', { file });
    case 'EISDIR':
      return diagnose('REL_FILE_IS_FOLDER', { file });
    default:
      return diagnose('REL_FILE_UNREADABLE', { file, because: error.code ?? error.message });
  }
}

function whyNotText(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'it starts with a UTF-16 byte order mark';
  if (bytes.includes(0)) return 'it contains a NUL character';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return undefined;
  } catch {
    return 'some of its bytes are not UTF-8';
  }
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
