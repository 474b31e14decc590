import { connectRouter } from './connect-router.ts';
import type { RouterStatus } from './control/router-status.ts';
import type { RouterClient } from './router-client.ts';
import { RouterError } from './router-error.ts';
import { readState } from './state/state-file.ts';

/** A router that has just answered. */
export interface FoundRouter {
  readonly client: RouterClient;
  readonly status: RouterStatus;
}

/**
 * Asks the router that lives on the state file. A killed one leaves its place in the file, and something else may listen there by
 * now: what answers must be the process that wrote the file.
 * @throws RouterError TRAFFIC_ROUTER_NOT_REACHED when none answers within two seconds, else as it answers
 */
export async function askRouter(stateFile: string, signal?: AbortSignal): Promise<FoundRouter> {
  const client = await connectRouter({ stateFile });
  const status = await readStatus(client, signal);
  const running = (await readState(stateFile))?.running;
  if (running?.pid === status.pid && running.startedAt === status.startedAt) return { client, status };
  throw notReached(`At ${client.controlUrl} another router answers than the one that ${stateFile} names.`);
}

/**
 * The same, where none may live. Whether one is only silent is not for this to say: the lock on its state file keeps a second one away.
 * @throws RouterError for files that cannot be used
 */
export async function findRouter(stateFile: string, signal?: AbortSignal): Promise<FoundRouter | undefined> {
  try {
    return await askRouter(stateFile, signal);
  } catch (error) {
    if (error instanceof RouterError && saysNoRouter.has(error.code)) return undefined;
    throw error;
  }
}

const saysNoRouter: ReadonlySet<string> = new Set(['TRAFFIC_ROUTER_NOT_REACHED', 'TRAFFIC_ROUTER_REFUSED']);

async function readStatus(client: RouterClient, signal?: AbortSignal): Promise<RouterStatus> {
  const timeout = AbortSignal.timeout(answersWithinMs);
  try {
    return await client.readStatus(signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (signal?.aborted === true || !timeout.aborted) throw error;
    throw notReached(`The router's control endpoint ${client.controlUrl} has not answered within ${answersWithinMs} ms.`);
  }
}

const answersWithinMs = 2000;

const notReached = (message: string) =>
  new RouterError('TRAFFIC_ROUTER_NOT_REACHED', message, 'See whether the router still runs; its state file names its process.');
