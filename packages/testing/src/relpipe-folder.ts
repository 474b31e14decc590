import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { until } from './wait-until.ts';

/** A temporary folder with files in it, and the built command line as its user would call it there. */
export interface Folder {
  readonly path: string;
  relpipe(...args: readonly string[]): Promise<Finished>;
  start(args: readonly string[], env?: Variables, cwd?: string): Started;
  /** Lines of a file; none when it does not exist. */
  lines(file: string): readonly string[];
  /** Resolves when the file exists and is not empty. */
  appears(file: string): Promise<void>;
  /** Resolves when a line of the file starts with the text. */
  contains(file: string, start: string): Promise<void>;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when the output so far contains the text; rejects when the process ends without it. */
  printed(text: string): Promise<void>;
}

type Variables = Readonly<Record<string, string>>;

/** Registers what has to be done when the test or its fixture ends. */
export type OnEnd = (clean: () => Promise<void> | void) => void;

/** Outside of any git repository; removed when the test has finished. */
export const folderWith = (files: Readonly<Record<string, string>>): Promise<Folder> => openFolder(files, onTestFinished);

/** The same, removed when the caller says so. */
export async function openFolder(files: Readonly<Record<string, string>>, onEnd: OnEnd): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'relpipe-test-'));
  onEnd(() => rm(path, { recursive: true, force: true, maxRetries: 5 }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  const start: Folder['start'] = (args, env = {}, cwd = path) => {
    const started = startRelpipe(cwd, args, env);
    onEnd(() => void started.child.kill('SIGKILL'));
    return started;
  };
  const lines = (file: string): readonly string[] => linesOf(join(path, file));
  return {
    path,
    start,
    lines,
    appears: (file) => until(() => lines(file).length > 0),
    contains: (file, start) => until(() => lines(file).some((line) => line.startsWith(start))),
    relpipe: (...args) => start(args).finished,
  };
}

const linesOf = (file: string): readonly string[] =>
  existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter((line) => line !== '') : [];

const repository = resolve(import.meta.dirname, '../../..');

/** The built program. */
export const binary = join(repository, 'packages/engine/dist/cli/bin.js');

/** Makes all plugins of this repository available in a folder, as if they were installed there. */
export const installPlugins = (folder: string): void => symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));

/** The built command line as its user calls it in a folder; it parks only when an option says so. */
export interface RelpipeInFolder {
  (...args: readonly string[]): Promise<Ended> & { readonly child: ChildProcess };
  /** A file of the folder. */
  read(file: string): string;
}

interface Ended {
  /** -1: a signal ended it. */
  readonly exitCode: number;
  /** What it wrote to both streams. */
  readonly all: string;
}

/** Writes files into an empty folder in which all plugins are installed. */
export function relpipeIn(folder: string, files: Readonly<Record<string, string>>, variables: Variables = {}): RelpipeInFolder {
  installPlugins(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const relpipe = (...args: readonly string[]): ReturnType<RelpipeInFolder> => {
    const { child, finished } = startRelpipe(folder, neverParking(args), variables);
    const ended = finished.then(({ code, stdout, stderr }) => ({ exitCode: code ?? -1, all: `${stdout}${stderr}` }));
    return Object.assign(ended, { child });
  };
  return Object.assign(relpipe, { read: (file: string) => readFileSync(join(folder, file), 'utf8') });
}

/** Arguments with `--park-after never` for a command that could park, unless they say when. */
export const neverParking = (args: readonly string[]): readonly string[] =>
  ['run', 'resume'].includes(args[0] ?? '') && !args.includes('--park-after') ? [...args, '--park-after', 'never'] : args;

function startRelpipe(cwd: string, args: readonly string[], env: Variables): Started {
  const child = spawn(process.execPath, [binary, ...args], { cwd, env: { ...environmentOutsideOfCi(), TZ: 'UTC', ...env } });
  let [stdout, stderr] = ['', ''];
  const listeners = new Set<() => void>();
  const notify = (): void => {
    for (const listener of listeners) listener();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    notify();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    notify();
  });
  const finished = new Promise<Finished>((done, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => done({ code, signal, stdout, stderr }));
  });
  const printed = (text: string): Promise<void> =>
    new Promise((done, reject) => {
      const check = (): void => {
        if (!`${stdout}${stderr}`.includes(text)) return;
        listeners.delete(check);
        done();
      };
      listeners.add(check);
      check();
      void finished.then(() => reject(new Error(`it ended without printing "${text}":\n${stdout}${stderr}`)));
    });
  return { child, finished, printed };
}

const variablesOfCi = ['CI', 'GITHUB_ACTIONS', 'GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITLAB_CI'];

const environmentOutsideOfCi = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !variablesOfCi.includes(name)));
