import { StepError } from 'relpipe/plugin';
import type { HttpAnswer } from 'relpipe/plugin/toolkit';

/** More than the delay of any sample, and more than a synchronised clock is ever wrong by. */
const maximumSkewMs = 30_000;

/**
 * Refuses the response of a server whose clock differs from this machine's. It would be about another time, e.g. before the change that is
 * watched, and nobody would notice.
 * @throws {StepError} `PROMETHEUS_CLOCK_SKEW`
 */
export function requireSameClock({ date, url }: HttpAnswer & { readonly url: string }, sentAt: number, receivedAt: number): void {
  if (date === undefined) return; // A server that does not send its time cannot be checked.
  const skewMs = date < sentAt ? date - sentAt : Math.max(0, date - receivedAt);
  if (Math.abs(skewMs) <= maximumSkewMs) return;
  const { origin } = new URL(url);
  const skew = `${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'fast' : 'slow'}`;
  const message = `The clock of ${origin} is ${skew} compared with this machine, so its data would be of another time.`;
  throw new StepError('PROMETHEUS_CLOCK_SKEW', message, { hint: 'Synchronise both clocks, e.g. by NTP.' });
}
