import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { peakMemory } from './peak-memory.ts';

export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Timed {
  readonly ms: number;
  /** Of the largest process of its tree; 0 unless it was asked for. */
  readonly peakKiB: number;
}

/** From the start of a Node program to its end. @throws Error when it fails: a figure of a failure says nothing */
export async function timeCommand({ argv, cwd, env = {} }: Command, options: { readonly watchMemory?: boolean } = {}): Promise<Timed> {
  const beganAt = performance.now();
  const child = spawn(process.execPath, argv, { cwd, env: { ...environment, ...env }, stdio: ['ignore', 'ignore', 'pipe'], timeout: longestMs });
  const said = text(child.stderr);
  const memory = options.watchMemory === true && child.pid !== undefined ? peakMemory(child.pid) : undefined;
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  const ms = performance.now() - beganAt;
  const peakKiB = memory?.stop() ?? 0;
  if (code !== 0) throw new Error(`node ${argv.join(' ')} ended with ${String(code)}\n${await said}`);
  return { ms, peakKiB };
}

/** A command that hangs fails its figure instead of holding up all others. */
const longestMs = 180_000;

/** What a package manager tells the script it runs is not for the commands that are timed: wireit would take it for its own. */
const ownEnvironment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^p?npm_/i.test(name)));

/** The Node that runs this, also for what the command starts. */
const environment = { ...ownEnvironment, PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) };
