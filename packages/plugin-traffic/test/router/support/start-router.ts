import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectRouter } from '../../../src/router/connect-router.ts';
import type { RouterClient } from '../../../src/router/router-client.ts';
import type { RunningState } from '../../../src/router/state/router-state.ts';
import { readState } from '../../../src/router/state/state-file.ts';
import type { Weights } from '../../../src/router/weights.ts';

export interface StartRouterOptions {
  /** URL per side; the first one gets all traffic unless `weights` says otherwise. */
  readonly sides: Readonly<Record<string, string>>;
  readonly stateFile: string;
  /** For the first start on this state file. */
  readonly weights?: Weights;
  readonly flags?: readonly string[];
}

export interface StartedRouter extends RunningState {
  readonly client: RouterClient;
}

/** The program from its sources. */
export const routerProgram = fileURLToPath(new URL('../../../src/router/bin.ts', import.meta.url));

/**
 * Starts a router as a process of its own that outlives this one, and resolves when it accepts requests. Its lines are in the state
 * file's name with `.log` behind it.
 * @throws Error with those lines when it ends instead
 */
export async function startRouter(options: StartRouterOptions): Promise<StartedRouter> {
  const { stateFile } = options;
  const logFile = `${stateFile}.log`;
  await mkdir(dirname(logFile), { recursive: true });
  await using log = await open(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [routerProgram, ...flagsFrom(options)], { detached: true, stdio: ['ignore', log.fd, log.fd] });
  child.unref();
  try {
    return { ...await becomesReady(child, stateFile), client: await connectRouter({ stateFile }) };
  } catch (error) {
    child.kill();
    throw new Error(`${String(error)}\n${await readFile(logFile, 'utf8')}`, { cause: error });
  }
}

function flagsFrom({ sides, stateFile, weights, flags = [] }: StartRouterOptions): string[] {
  const pairs = Object.entries(weights ?? {}).map(([name, weight]) => `${name}=${weight}`);
  return [
    ...Object.entries(sides).flatMap(([name, url]) => ['--side', `${name}=${url}`]),
    ...(weights === undefined ? [] : ['--weights', pairs.join(',')]),
    '--state', stateFile,
    ...flags,
  ];
}

/** The state file says when: others find a router by it, too. */
async function becomesReady(child: ChildProcess, stateFile: string): Promise<RunningState> {
  const lost = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => reject(new Error(`The router ended with ${by ?? `exit code ${code}`}.`)));
  });
  // Also when the state file has the answer first, nobody is left to hear of it.
  lost.catch(() => undefined);
  for (;;) {
    const running = (await readState(stateFile))?.running;
    if (running && running.pid === child.pid) return running;
    await Promise.race([sleep(pollMs), lost]);
  }
}

const pollMs = 20;
