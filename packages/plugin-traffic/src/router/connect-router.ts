import { messageOf } from './message-of.ts';
import { RouterClient } from './router-client.ts';
import { RouterError } from './router-error.ts';
import { readControlToken } from './state/control-token.ts';
import { readState } from './state/state-file.ts';

/** How to find a router: by its state file, or by its control endpoint and token file. */
export type RouterPlace =
  | { readonly stateFile: string }
  | { readonly controlUrl: string; readonly tokenFile: string };

/**
 * Finds a running router. `RELPIPE_ROUTER_TOKEN` goes before the token file.
 * @throws RouterError TRAFFIC_ROUTER_NOT_REACHED when none runs, TRAFFIC_ROUTER_TOKEN_UNSAFE
 */
export async function connectRouter(place: RouterPlace): Promise<RouterClient> {
  const { controlUrl, tokenFile } = 'stateFile' in place ? await placeFrom(place.stateFile) : place;
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
      'See that you are the user who started it, or set RELPIPE_ROUTER_TOKEN.',
    );
  }
}

async function placeFrom(stateFile: string): Promise<{ controlUrl: string; tokenFile: string }> {
  const running = (await readState(stateFile))?.running;
  if (!running) throw noneRuns(stateFile);
  return { controlUrl: running.control, tokenFile: running.tokenFile ?? `${stateFile}.token` };
}

const noneRuns = (stateFile: string) =>
  new RouterError('TRAFFIC_ROUTER_NOT_REACHED', `No router runs on the state file ${stateFile}.`, 'Start one (relpipe-router --help), or put a traffic.router step before and use its output `state`.');
