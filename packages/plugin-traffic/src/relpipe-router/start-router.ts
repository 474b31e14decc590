import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from 'relpipe/plugin/toolkit';
import type { SideWeights } from '../routers/router.ts';
import { findRouter, type FoundRouter } from './connect-router.ts';
import { RouterError, type RouterErrorCode } from './router-error.ts';
import { routerProgram } from './this-package.ts';

/** Settings, by the names of their flags, for a router that is started as a process of its own. */
export interface RouterFlags {
  /** An absolute path. */
  readonly state: string;
  /** URL per side. */
  readonly sides: Readonly<Record<string, string>>;
  /** For the first start on this state file; default: all on the first side. */
  readonly weights?: SideWeights;
  readonly listen?: string;
  readonly 'health-path'?: string;
  /** A duration with its unit. */
  readonly 'health-every'?: string;
  readonly 'reset-weights'?: boolean;
}

/**
 * Starts a router as a process of its own, in a session of its own, that outlives this process, and resolves when it answers. Its output
 * goes to the state file's name with `.log` appended.
 * @throws RouterError the router's own error when it exits instead; TRAFFIC_ROUTER_NOT_STARTED
 */
export async function startRouter(flags: RouterFlags, signal?: AbortSignal): Promise<FoundRouter> {
  signal?.throwIfAborted();
  const logFile = `${flags.state}.log`;
  await using log = await openLog(logFile);
  const { size } = await log.stat();
  const child = spawn(process.execPath, [routerProgram(), ...argumentsOf(flags)], {
    detached: true,
    // The folder and the secrets of a release end with it.
    cwd: dirname(flags.state),
    env: environmentFrom(process.env),
    stdio: ['ignore', log.fd, log.fd],
  });
  child.unref();
  try {
    return await untilReady(child, () => findRouter(flags.state, signal), signal);
  } catch (error) {
    child.kill();
    throw signal?.aborted === true ? error : await readLastError(logFile, size, error);
  }
}

async function openLog(file: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(file), { recursive: true });
    return await open(file, 'a', 0o600);
  } catch (error) {
    throw new RouterError(
      'TRAFFIC_ROUTER_NOT_STARTED',
      `The router's log cannot be written: ${messageOf(error)}.`,
      'Use a state file in a folder that you may write to.',
    );
  }
}

/** As `relpipe-router` reads them. */
function argumentsOf({ sides, weights, 'reset-weights': resets, ...plain }: RouterFlags): readonly string[] {
  return [
    ...Object.entries(sides).flatMap(([name, url]) => ['--side', `${name}=${url}`]),
    ...(weights === undefined ? [] : ['--weights', Object.entries(weights).map(([name, weight]) => `${name}=${weight}`).join(',')]),
    ...Object.entries(plain).flatMap(([name, value]) => [`--${name}`, value]),
    ...(resets === true ? ['--reset-weights'] : []),
  ];
}

const environmentFrom = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(inherited.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])));

const inherited = ['PATH', 'SystemRoot', 'RELPIPE_ROUTER_TOKEN'];

/** Resolves when the router that answers is this process. @throws Error when the process exits instead, or is not ready within 30 s */
async function untilReady(child: ChildProcess, find: () => Promise<FoundRouter | undefined>, signal?: AbortSignal): Promise<FoundRouter> {
  const exited = untilExited(child);
  const deadline = performance.now() + readyWithinMs;
  while (performance.now() < deadline) {
    const found = await Promise.race([find(), exited]);
    if (found !== undefined && found.status.pid === child.pid) return found;
    await Promise.race([sleep(pollMs, undefined, signal && { signal }), exited]);
  }
  throw new Error(`The router was not ready within ${readyWithinMs / 1000} s.`);
}

function untilExited(child: ChildProcess): Promise<never> {
  const exited = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`The router exited with ${signal ?? `code ${code}`}.`)));
  });
  // When the router has answered first, nothing awaits this any more.
  exited.catch(() => undefined);
  return exited;
}

const readyWithinMs = 30_000;
const pollMs = 20;

/**
 * Why a router did not start: the error that it has written into its log after the first `from` bytes, else `observed`, what was seen from
 * outside.
 */
async function readLastError(logFile: string, from: number, observed: unknown): Promise<RouterError> {
  const text = await readFrom(logFile, from);
  const [, code, message, hint] = /^(TRAFFIC_ROUTER_[A-Z_]+): ([^]+)\n(.+)\n$/m.exec(text) ?? [];
  if (code !== undefined && message !== undefined && hint !== undefined) return new RouterError(code as RouterErrorCode, message, hint);
  return new RouterError('TRAFFIC_ROUTER_NOT_STARTED', messageOf(observed), `Read its log: ${logFile}.`);
}

async function readFrom(file: string, from: number): Promise<string> {
  await using log = await open(file);
  const { size } = await log.stat();
  const { buffer, bytesRead } = await log.read(Buffer.alloc(Math.max(0, size - from)), 0, size - from, from);
  return buffer.toString('utf8', 0, bytesRead);
}
