import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectRouter } from './connect-router.ts';
import type { RouterClient } from './router-client.ts';
import { RouterError } from './router-error.ts';
import type { RunningState } from './state/router-state.ts';
import { readState } from './state/state-file.ts';
import type { Weights } from './weights.ts';

export interface StartRouterOptions {
  /** URL per side; the first one gets all traffic unless `weights` says otherwise. */
  readonly sides: Readonly<Record<string, string>>;
  readonly stateFile: string;
  /** `HOST:PORT`; default a free port on 127.0.0.1. */
  readonly listen?: string;
  readonly control?: string;
  /** For the first start on this state file. */
  readonly weights?: Weights;
  /** Further flags of `relpipe-router`, e.g. `['--health-path', '/healthz']`. */
  readonly flags?: readonly string[];
  /** Where the router's lines go; default the state file's name with `.log` behind it. */
  readonly logFile?: string;
  /** Default 10 seconds. */
  readonly readyTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface StartedRouter extends RunningState {
  readonly client: RouterClient;
}

/**
 * Starts a router as a process of its own that outlives this one, and resolves when it accepts requests.
 * @throws RouterError TRAFFIC_ROUTER_NOT_STARTED with the router's last lines
 */
export async function startRouter(options: StartRouterOptions): Promise<StartedRouter> {
  const logFile = options.logFile ?? `${options.stateFile}.log`;
  await mkdir(dirname(logFile), { recursive: true });
  await using log = await open(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [program(), ...flagsFrom(options)], { detached: true, stdio: ['ignore', log.fd, log.fd] });
  child.unref();
  try {
    const running = await becomesReady(child, options);
    return { ...running, client: await connectRouter({ stateFile: options.stateFile }) };
  } catch (error) {
    child.kill();
    if (options.signal?.aborted === true) throw error;
    throw notStarted(error, await lastLines(logFile));
  }
}

/** The program beside this file: `bin.ts` in the sources, `router/bin.js` once built. */
const program = () => fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './bin.ts' : './router/bin.js', import.meta.url));

function flagsFrom({ sides, stateFile, listen, control, weights, flags = [] }: StartRouterOptions): string[] {
  return [
    ...Object.entries(sides).flatMap(([name, url]) => ['--side', `${name}=${url}`]),
    ...(listen === undefined ? [] : ['--listen', listen]),
    ...(control === undefined ? [] : ['--control', control]),
    ...(weights === undefined ? [] : ['--weights', Object.entries(weights).map(([name, weight]) => `${name}=${weight}`).join(',')]),
    '--state', stateFile,
    ...flags,
  ];
}

async function becomesReady(child: ChildProcess, { stateFile, readyTimeoutMs = 10_000, signal }: StartRouterOptions): Promise<RunningState> {
  const lost = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => reject(new Error(`it ended with ${by ?? `exit code ${code}`}`)));
  });
  // Also when the state file has the answer first, nobody is left to hear of it.
  lost.catch(() => undefined);
  const deadlineAt = performance.now() + readyTimeoutMs;
  while (performance.now() < deadlineAt) {
    const running = (await readState(stateFile))?.running;
    if (running && running.pid === child.pid) return running;
    await Promise.race([sleep(pollMs, undefined, signal === undefined ? {} : { signal }), lost]);
  }
  throw new Error(`it was not ready within ${readyTimeoutMs} ms`);
}

const pollMs = 20;

async function lastLines(logFile: string): Promise<string> {
  return (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-12).join('\n');
}

const notStarted = (error: unknown, lines: string) =>
  new RouterError('TRAFFIC_ROUTER_NOT_STARTED', `The router did not start: ${error instanceof Error ? error.message : String(error)}.\n${lines}`, 'Its own words above say what to change.');
