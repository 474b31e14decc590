import { StepError } from 'relpipe/plugin';
import { isPassing } from './ask.ts';
import type { ApiReply } from './call-api.ts';

export interface Refused {
  /** With the plugin's prefix: `PROMETHEUS_QUERY_REFUSED`. */
  readonly code: string;
  /** What to do when the server has understood and says no. */
  readonly hint: string;
  /** What to do when it does not look like that server at all. */
  readonly elsewhere: string;
  /** What to do when it cannot answer for now; default: wait, and look at its log. */
  readonly overloaded?: string;
}

/** The server's own words, where it has any, and what to do about them. */
export function refusal(reply: ApiReply, refused: Refused): StepError {
  const { status, url, json } = reply;
  const said = wordsIn(json);
  const words = said ?? firstLine(reply.text);
  return new StepError(refused.code, `${url} answered ${status}${words && `: ${words}`}`, {
    hint: hintFor(status, said !== undefined, refused),
    retryable: isPassing(status),
  });
}

/** Prometheus and the Pushgateway say `error`, Alertmanager says `message`, or is a text as a whole. */
function wordsIn(json: unknown): string | undefined {
  if (typeof json === 'string') return json;
  if (typeof json !== 'object' || json === null) return undefined;
  const { error, errorType = 'error', message } = json as Readonly<Record<string, unknown>>;
  if (typeof error === 'string') return `${String(errorType)}: ${error}`;
  return typeof message === 'string' ? message : undefined;
}

const firstLine = (body: string): string => body.trim().split('\n', 1)[0]?.slice(0, 200) ?? '';

function hintFor(status: number, isItsOwn: boolean, { hint, elsewhere, overloaded = waitHint }: Refused): string {
  if (status === 401 || status === 403) return 'Give `token` a secret that may do this, or `headers` what the proxy asks for.';
  if (isPassing(status)) return overloaded;
  return isItsOwn || status === 400 ? hint : elsewhere;
}

const waitHint = 'The server is overloaded or being restarted; if it stays so, look at its log.';
