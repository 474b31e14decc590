import { retryAfterMs, ServerBusyError } from '../../../toolkit/retry-after.ts';
import { type Clock, waitUntil } from '../clock.ts';

/** Until when a server, or one of its addresses, does not want to be asked. A process has one clock, and so one memory. */
const pausesOf = new WeakMap<Clock, Map<string, number>>();

/**
 * `fetch` that keeps to `Retry-After`, whatever asks: the next request waits as long as the answer before it said. 429 is about the caller and
 * holds for the whole server; 503 is about what was asked, and a service may be well at its other addresses.
 * @throws {ServerBusyError} when `signal` is aborted first: nothing was sent
 */
export function politeFetch(clock: Clock, signal: AbortSignal, log: (line: string) => void): typeof fetch {
  const pauses = pausesOf.get(clock) ?? new Map<string, number>();
  pausesOf.set(clock, pauses);
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const stop = init?.signal ? AbortSignal.any([signal, init.signal]) : signal;
    await waitForTurn(url, stop);
    const response = await fetch(input, { ...init, signal: stop });
    const now = clock.now();
    const ms = retryAfterMs(response, now);
    if (ms !== undefined && ms > 0) pauses.set(response.status === 429 ? url.origin : addressOf(url), now + ms);
    return response;
  };

  async function waitForTurn(url: URL, stop: AbortSignal): Promise<void> {
    const until = Math.max(...[url.origin, addressOf(url)].map((key) => pauses.get(key) ?? 0));
    const leftMs = until - clock.now();
    if (leftMs <= 0) return;
    log(`${url.host} asked for a pause (Retry-After): waiting ${Math.ceil(leftMs / 1000)} s`);
    if (!(await waitUntil(clock, until, stop))) throw new ServerBusyError(until);
  }
}

const addressOf = ({ origin, pathname }: URL): string => `${origin}${pathname}`;
