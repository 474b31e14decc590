import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export const isInstalled = (program: string, argument: string): boolean => spawnSync(program, [argument]).error === undefined;

/** Starts a program that stays in the foreground, and waits until it listens. It is also killed when this process exits. @returns its stop */
export async function startListening(program: string, args: readonly string[], port: number): Promise<() => Promise<void>> {
  const child = spawn(program, args, { stdio: 'ignore' });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  while (!(await isListening(port))) {
    if (child.exitCode !== null) throw new Error(`${program} exited with ${child.exitCode}.`);
    await sleep(20);
  }
  return async () => {
    process.off('exit', kill);
    await end(child);
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}

export interface LoadTest {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
}

/** Runs wrk with one thread and 32 kept connections. @throws Error when an answer is missing or has an error status */
export async function loadTest(url: string, seconds: number): Promise<LoadTest> {
  const { stdout } = await promisify(execFile)('wrk', ['--threads', '1', '--connections', '32', '--duration', `${seconds}s`, '--latency', url]);
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1];
  const [, p99, unit = ''] = /99%\s+([\d.]+)(us|ms|s)\b/.exec(stdout) ?? [];
  if (rate === undefined || p99 === undefined || /Socket errors|Non-2xx/.test(stdout)) throw new Error(`${url} did not answer every request:\n${stdout}`);
  return { requestsPerSecond: Number(rate), p99Ms: Number(p99) * (msPer[unit] ?? NaN) };
}

const msPer: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };
