import { spawn } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { ExecResult, MeasureContext, RunContext, Secret } from '../../src/contract/index.ts';

/** Starts a server on a free loopback port, which is closed when the test is over, and returns its URL. */
export async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
}

/** The context of a metric, with real requests and real commands. */
export function measureContext(more: Partial<MeasureContext> = {}): MeasureContext {
  const signal = more.signal ?? new AbortController().signal;
  return {
    signal,
    memory: new Map(),
    log: () => undefined,
    mask: (text) => text,
    clock: { now: () => 1_000, sleep: async () => signal.throwIfAborted() },
    fetch: (input, init) => fetch(input, { ...init, signal: init?.signal ?? signal }),
    workdir: import.meta.dirname,
    exec,
    ...more,
  };
}

export const runContext = (more: Partial<RunContext<unknown>> = {}): RunContext<unknown> => ({
  ...measureContext(more),
  attempt: 1,
  idempotencyKey: 'run/step/run',
  saved: undefined,
  left: [],
  overwrite: false,
  saveState: async () => undefined,
  progress: () => undefined,
  ...more,
});

export const secretOf = (value: string): Secret => ({ secret: 'TOKEN', reveal: () => value });
export const look = { window: { from: 0, to: 1_000 }, at: [1_000] };

const exec: MeasureContext['exec'] = async ([file = '', ...args], { cwd, env = {} } = {}): Promise<ExecResult> => {
  const texts = Object.entries(env).map(([name, value]) => [name, typeof value === 'object' ? value.reveal() : value]);
  const child = spawn(file, args, { cwd, env: { ...process.env, ...(Object.fromEntries(texts) as Record<string, string>) } });
  const code = new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? 129)));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
};
