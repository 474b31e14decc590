import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface LoadTest {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
}

/** wrk with one thread and 32 kept connections. @throws Error when an answer was missing or not good */
export async function loadTest(url: string, seconds: number): Promise<LoadTest> {
  const { stdout } = await promisify(execFile)('wrk', ['--threads', '1', '--connections', '32', '--duration', `${seconds}s`, '--latency', url]);
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1];
  const [, p99, unit = ''] = /99%\s+([\d.]+)(us|ms|s)\b/.exec(stdout) ?? [];
  if (rate === undefined || p99 === undefined || /Socket errors|Non-2xx/.test(stdout)) throw new Error(`${url} did not hold:\n${stdout}`);
  return { requestsPerSecond: Number(rate), p99Ms: Number(p99) * (msPer[unit] ?? NaN) };
}

const msPer: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };
