import type { Origin } from './origin.ts';

/** Why a side gave no (whole) answer; the `reason` label of `relpipe_router_upstream_errors_total`. */
export type UpstreamFailure = 'refused' | 'unreachable' | 'connect-timeout' | 'answer-timeout' | 'closed' | 'reset' | 'malformed' | 'truncated';

/** The failure that an error of the side's socket means. */
export function failureOf(error: Error, isConnected: boolean): UpstreamFailure {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED') return 'refused';
  if (!isConnected) return code === 'ETIMEDOUT' ? 'connect-timeout' : 'unreachable';
  return 'reset';
}

export const statusOf = (failure: UpstreamFailure): 502 | 504 =>
  failure === 'connect-timeout' || failure === 'answer-timeout' ? 504 : 502;

/** One sentence for the body of the answer: it names the side, so that nobody has to guess which one is down. */
export const explainFailure = (side: { readonly name: string; readonly origin: Origin }, failure: UpstreamFailure, detail = ''): string =>
  `side "${side.name}" (${side.origin.url}) ${sentences[failure]}${detail === '' ? '' : `: ${detail}`}`;

const sentences: Record<UpstreamFailure, string> = {
  refused: 'refused the connection',
  unreachable: 'cannot be reached',
  'connect-timeout': 'did not accept the connection in time',
  'answer-timeout': 'did not answer in time',
  closed: 'closed the connection without an answer',
  reset: 'reset the connection before it had answered',
  malformed: 'gave a malformed answer',
  truncated: 'broke off its answer',
};
