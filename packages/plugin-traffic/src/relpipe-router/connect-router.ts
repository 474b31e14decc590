import { messageOf } from 'relpipe/plugin/toolkit';
import type { RouterStatus } from './control/control-api.ts';
import { RouterClient } from './router-client.ts';
import { RouterError } from './router-error.ts';
import { readControlToken } from './state/control-token.ts';
import { readState } from './state/state-file.ts';

/** How a router is found: by its state file, or by its control endpoint and token file. */
type RouterAddress =
  | { readonly stateFile: string }
  | { readonly controlUrl: string; readonly tokenFile: string };

/**
 * Finds a running router. `RELPIPE_ROUTER_TOKEN` takes precedence over the token file.
 * @throws RouterError TRAFFIC_ROUTER_NOT_REACHED when none is running, TRAFFIC_ROUTER_TOKEN_UNSAFE
 */
export async function connectRouter(address: RouterAddress): Promise<RouterClient> {
  const { controlUrl, tokenFile } = 'stateFile' in address ? await addressFrom(address.stateFile) : address;
  return new RouterClient(controlUrl, await readToken(tokenFile));
}

async function readToken(tokenFile: string): Promise<string> {
  try {
    return (await readControlToken(tokenFile)).token;
  } catch (error) {
    if (error instanceof RouterError) throw error;
    throw new RouterError(
      'TRAFFIC_ROUTER_NOT_REACHED',
      `The router's token file cannot be read: ${messageOf(error)}.`,
      'Run this as the user that started the router, or set RELPIPE_ROUTER_TOKEN.',
    );
  }
}

async function addressFrom(stateFile: string): Promise<{ controlUrl: string; tokenFile: string }> {
  const running = (await readState(stateFile))?.running;
  if (!running) throw noneRunning(stateFile);
  return { controlUrl: running.control, tokenFile: running.tokenFile ?? `${stateFile}.token` };
}

const noneRunning = (stateFile: string) =>
  new RouterError(
    'TRAFFIC_ROUTER_NOT_REACHED',
    `No router is running on the state file ${stateFile}.`,
    'Start one (relpipe-router --help), or add a traffic.router step before and use its output `state`.',
  );

/** A router that has just answered. */
export interface FoundRouter {
  readonly client: RouterClient;
  readonly status: RouterStatus;
}

/**
 * Asks the router that is running on the state file. A killed one leaves its address in the file, and another program may listen there
 * by now: the answer must come from the process that wrote the file.
 * @throws RouterError TRAFFIC_ROUTER_NOT_REACHED when none answers within two seconds, else the router's own error
 */
export async function askRouter(stateFile: string, signal?: AbortSignal): Promise<FoundRouter> {
  const client = await connectRouter({ stateFile });
  const status = await readStatus(client, signal);
  const running = (await readState(stateFile))?.running;
  if (running?.pid === status.pid && running.startedAt === status.startedAt) return { client, status };
  throw notReached(`Another router than that of ${stateFile} answers at ${client.controlUrl}.`);
}

/**
 * The same, where none may be running. It does not tell a silent router from a dead one: the lock of the state file prevents a second one.
 * @throws RouterError for files that cannot be used
 */
export async function findRouter(stateFile: string, signal?: AbortSignal): Promise<FoundRouter | undefined> {
  try {
    return await askRouter(stateFile, signal);
  } catch (error) {
    if (error instanceof RouterError && meansNoRouter.has(error.code)) return undefined;
    throw error;
  }
}

const meansNoRouter: ReadonlySet<string> = new Set(['TRAFFIC_ROUTER_NOT_REACHED', 'TRAFFIC_ROUTER_REFUSED']);

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
  new RouterError('TRAFFIC_ROUTER_NOT_REACHED', message, 'Check that the router is still running; its state file names its process.');
