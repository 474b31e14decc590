import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../util/phrases.ts';

export type Checklist = { readonly ok: true; readonly items: readonly string[] } | { readonly ok: false; readonly because: string };

/** The open items of a Markdown file (`- [ ] …`), relative to the folder of the pipeline. Those in a block of code are examples. */
export function readChecklist(folder: string, file: string): Checklist {
  let text: string;
  try {
    text = readFileSync(resolve(folder, file), 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { ok: false, because: isMissing ? 'there is no such file' : messageOf(error) };
  }
  const items = text
    .replaceAll(codeBlock, '')
    .split(/\r?\n/)
    .flatMap((line) => item.exec(line)?.[1]?.trim() ?? []);
  return items.length > 0 ? { ok: true, items } : { ok: false, because: 'it has no line that starts with `- [ ]`' };
}

const codeBlock = /^( {0,3})(`{3,}|~{3,})[^]*?^ {0,3}\2\s*$/gm;
const item = /^\s*(?:[-*+]|\d+[.)])\s+\[ \]\s+(.+)$/;
