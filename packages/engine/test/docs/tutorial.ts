import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file of the tutorial: a fence with `file=PATH`. */
interface TutorialFile {
  readonly path: string;
  readonly text: string;
}

/** Commands of the tutorial that are to be run: a fence with `run=FOLDER exit=CODE`. */
export interface TutorialSession {
  readonly folder: string;
  /** Exit code of the last command; the ones before it end with 0. */
  readonly exitCode: number;
  readonly commands: readonly string[];
  /** Texts that the commands print, in this order. */
  readonly printed: readonly string[];
}

type TutorialPart = ({ readonly kind: 'file' } & TutorialFile) | ({ readonly kind: 'session' } & TutorialSession);

/** What a reader of the page writes and runs, in its order. */
export async function readTutorial(page: string): Promise<readonly TutorialPart[]> {
  const fences = (await readFile(page, 'utf8')).matchAll(/^```(?<words>[^\n]+)\n(?<text>.*?)^```$/gms);
  return [...fences].flatMap(({ groups }) => partOf(groups!['words']!, groups!['text']!));
}

function partOf(words: string, text: string): TutorialPart[] {
  const [, path] = / file=(\S+)/.exec(words) ?? [];
  if (path !== undefined) return [{ kind: 'file', path, text }];
  const [, folder, code] = / run=(\S+) exit=(\d+)/.exec(words) ?? [];
  if (folder === undefined) return [];
  const lines = text.trimEnd().split('\n');
  const commands = lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2));
  return [{ kind: 'session', folder, exitCode: Number(code), commands, printed: lines.filter((line) => !line.startsWith('$ ')) }];
}

export async function writeTutorialFile(root: string, { path, text }: TutorialFile): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}
