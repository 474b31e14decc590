import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const binary = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when the output so far contains the text. */
  printed(text: string): Promise<void>;
}

type Variables = Readonly<Record<string, string>>;

/** A temporary folder with files in it, and the built command line as its user would call it there. */
export interface Folder {
  readonly path: string;
  relpipe(...args: readonly string[]): Promise<Finished>;
  start(args: readonly string[], env?: Variables, cwd?: string): Started;
  /** Lines of a file; none when it is not there. */
  lines(file: string): readonly string[];
  /** Resolves when the file is there and not empty. */
  appears(file: string): Promise<void>;
  /** Resolves when a line of the file begins with the text. */
  contains(file: string, start: string): Promise<void>;
}

type OnEnd = (clean: () => Promise<void> | void) => void;

/** Outside of any git repository; removed when the test has finished. */
export const folderWith = (files: Readonly<Record<string, string>>): Promise<Folder> => openFolder(files, onTestFinished);

/** The same for whoever says himself when it is removed. */
export async function openFolder(files: Readonly<Record<string, string>>, onEnd: OnEnd): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'relpipe-test-'));
  onEnd(() => rm(path, { recursive: true, force: true, maxRetries: 5 }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  const start: Folder['start'] = (args, env = {}, cwd = path) => startIn(cwd, args, env, onEnd);
  const lines = (file: string): readonly string[] => linesOf(join(path, file));
  const appears = async (file: string): Promise<void> => {
    while (lines(file).length === 0) await pause(10);
  };
  const contains = async (file: string, begin: string): Promise<void> => {
    while (!lines(file).some((line) => line.startsWith(begin))) await pause(10);
  };
  return { path, start, lines, appears, contains, relpipe: (...args) => start(args).finished };
}

const linesOf = (file: string): readonly string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line !== '') : [];

function startIn(cwd: string, args: readonly string[], env: Variables, onEnd: OnEnd): Started {
  const child = spawn(process.execPath, [binary, ...args], { cwd, env: { ...environmentOutsideOfCi(), TZ: 'UTC', ...env } });
  let [stdout, stderr] = ['', ''];
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    tell();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    tell();
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  onEnd(() => void child.kill('SIGKILL'));
  const printed = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!`${stdout}${stderr}`.includes(text)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void finished.then(() => reject(new Error(`it ended without printing "${text}":\n${stdout}${stderr}`)));
    });
  return { child, finished, printed };
}

const environmentOutsideOfCi = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !['GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY', 'CI'].includes(name)));
