import { execFile, type ChildProcess } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Ended {
  /** -1: a signal ended it. */
  readonly exitCode: number;
  /** What it wrote to both streams. */
  readonly all: string;
}

/** The built command line as its user calls it in a folder; it parks only where it is told to. */
export interface RelpipeInFolder {
  (...args: readonly string[]): Promise<Ended> & { readonly child: ChildProcess };
  /** A file of the folder. */
  read(file: string): string;
}

type Variables = Readonly<Record<string, string>>;

const repository = resolve(import.meta.dirname, '../..');
const binary = join(repository, 'packages/engine/dist/cli/bin.js');
const outsideOfCi: Variables = { CI: '', GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', GITLAB_CI: '', TZ: 'UTC' };

/** Writes files into an empty folder, with all plugins of this repository installed beside them. */
export function relpipeIn(folder: string, files: Readonly<Record<string, string>>, variables: Variables = {}): RelpipeInFolder {
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const env = { ...process.env, ...outsideOfCi, ...variables };
  const relpipe = (...args: readonly string[]): ReturnType<RelpipeInFolder> => {
    const { promise, resolve: done } = Promise.withResolvers<Ended>();
    const all = mayPark(args) ? [binary, ...args, '--park-after', 'never'] : [binary, ...args];
    const child = execFile(process.execPath, all, { cwd: folder, env }, (_, stdout, stderr) =>
      done({ exitCode: child.exitCode ?? -1, all: `${stdout}${stderr}` }),
    );
    return Object.assign(promise, { child });
  };
  return Object.assign(relpipe, { read: (file: string) => readFileSync(join(folder, file), 'utf8') });
}

const mayPark = ([command, ...args]: readonly string[]): boolean =>
  (command === 'run' || command === 'resume') && !args.includes('--park-after');
