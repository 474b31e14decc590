import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Timed {
  readonly ms: number;
  /** Of the largest process of its tree; 0 without `watchMemory`. */
  readonly peakKiB: number;
}

/** Runs a Node program to its end. @throws Error when it fails: the time of a failure is not a result */
export async function timeCommand({ argv, cwd, env = {} }: Command, options: { readonly watchMemory?: boolean } = {}): Promise<Timed> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, argv, { cwd, env: { ...environment, ...env }, stdio: ['ignore', 'ignore', 'pipe'], timeout: limitMs });
  const errors = text(child.stderr);
  const memory = options.watchMemory === true && child.pid !== undefined ? peakMemory(child.pid) : undefined;
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
  const ms = performance.now() - startedAt;
  const peakKiB = memory?.stop() ?? 0;
  if (code !== 0) throw new Error(`node ${argv.join(' ')} exited with ${String(code)}\n${(await errors).slice(-4000)}`);
  return { ms, peakKiB };
}

/** A command that hangs must not delay the other figures. */
const limitMs = 180_000;

/** Without the variables of the package manager that runs the benchmark: wireit would read them. */
const ownEnvironment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^p?npm_/i.test(name)));

/** The timed commands also find the Node that runs the benchmark. */
const environment = { ...ownEnvironment, PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) };

const readIntervalMs = 25;

/** Measures the largest process of a tree, which executes the run; the commands that it starts are small. 0 on other systems than Linux. */
function peakMemory(root: number): { readonly stop: () => number } {
  let peakKiB = 0;
  const timer = setInterval(() => (peakKiB = Math.max(peakKiB, ...treeOf(root).map(highWaterMark))), readIntervalMs);
  return {
    stop() {
      clearInterval(timer);
      return peakKiB;
    },
  };
}

function treeOf(pid: number): readonly number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(treeOf)];
}

/** VmHWM of proc_pid_status(5). The kernel records it, so that only a peak after the last reading can be missed. */
const highWaterMark = (pid: number): number => Number(/^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
