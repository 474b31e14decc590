/** For how long a server asks not to be asked again: the seconds or the date of `Retry-After`, in an answer 429 or 503. In milliseconds. */
export function retryAfterMs({ status, headers }: Pick<Response, 'status' | 'headers'>, now: number): number | undefined {
  const given = headers.get('retry-after')?.trim() ?? '';
  if ((status !== 429 && status !== 503) || given === '') return undefined;
  if (/^\d+$/.test(given)) return Number(given) * 1000;
  // A date is one of the server's own clock.
  const ms = Date.parse(given) - (Date.parse(headers.get('date') ?? '') || now);
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** What to do after an answer whose status is transient: how long to wait, where the server says so. */
export const busyHint = ({ retryAfterMs: ms }: { readonly retryAfterMs?: number | undefined }): string =>
  ms === undefined
    ? 'The server is busy or restarting: try again later, and check its log if this persists.'
    : `The server is busy and asks for a pause of ${Math.ceil(ms / 1000)} s.`;

const code = 'SERVER_ASKED_FOR_PAUSE';

/** The error of a request that was not sent, because the time for it was over before the pause was that the server had asked for. */
export class ServerBusyError extends Error {
  readonly code = code;

  constructor(until: number) {
    super(`it is busy, and asked not to be asked again before ${new Date(until).toISOString().slice(11, 19)} UTC`);
  }
}

/** The sentence of a `ServerBusyError`; undefined for any other error. */
export const busyReason = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && error.code === code ? error.message : undefined;
