import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const binary = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

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

/** A temporary folder with files in it, and the built command line as its user would call it there. */
export interface Folder {
  readonly path: string;
  relpipe(...args: readonly string[]): Promise<Finished>;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Started;
}

/** Outside of any git repository; removed when the test has finished. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'relpipe-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true, maxRetries: 5 }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Started => startIn(path, args, env);
  return { path, start, relpipe: (...args) => start(args).finished };
}

function startIn(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): Started {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY, ...own } = process.env;
  const child = spawn(process.execPath, [binary, ...args], { cwd, env: { ...own, TZ: 'UTC', ...env } });
  let [stdout, stderr] = ['', ''];
  const listeners = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => ((stdout += chunk.toString()), listeners.forEach((listener) => listener())));
  child.stderr.on('data', (chunk: Buffer) => ((stderr += chunk.toString()), listeners.forEach((listener) => listener())));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  onTestFinished(() => void child.kill('SIGKILL'));
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
