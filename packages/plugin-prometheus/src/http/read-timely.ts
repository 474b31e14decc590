import { StepError, type ReadContext, type Static, type TSchema } from 'relpipe/plugin';
import { callApi, type ApiCall, type ApiReply } from './call-api.ts';
import type { Connection } from './connection.ts';
import { bodyOf, type Expected } from './read-api.ts';

/** What a look is late by anyway, and no clock that is kept right is ever off by. */
const mostOffMs = 30_000;

/**
 * One call that names moments by this machine's clock. A server whose clock is another would answer for other ones: for those before the
 * change that is watched, and nobody would see it.
 * @throws {StepError} `PROMETHEUS_CLOCK_OFF`, and what `readApi` throws
 */
export async function readTimely<S extends TSchema>(
  base: string,
  call: ApiCall,
  expected: Expected<S>,
  connection: Connection,
  context: ReadContext,
): Promise<Static<S>> {
  const askedAt = context.clock.now();
  const reply = await callApi(base, call, connection, context);
  insistOnClock(reply, askedAt, context.clock.now());
  return bodyOf(reply, expected);
}

/** It answered between our question and its answer's coming. Where it says no time, nothing can be told. */
function insistOnClock({ date, url }: ApiReply, askedAt: number, answeredAt: number): void {
  if (date === undefined) return;
  const offMs = date < askedAt ? date - askedAt : Math.max(0, date - answeredAt);
  if (Math.abs(offMs) <= mostOffMs) return;
  const { origin } = new URL(url);
  const far = `${Math.round(Math.abs(offMs) / 1000)} s ${offMs > 0 ? 'ahead of' : 'behind'}`;
  throw new StepError('PROMETHEUS_CLOCK_OFF', `The clock of ${origin} is ${far} the clock here: what is asked about now would be answered for another time.`, {
    hint: 'Set both clocks right, e.g. by NTP.',
  });
}
