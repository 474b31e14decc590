import { StepError } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { isPassing, type Reply } from '../http/ask.ts';
import { errorReply } from './server-reply.ts';

/** The server's own words, where it has any, and what to do about them. */
export function refusal(url: string, reply: Reply, body: unknown): StepError {
  const { status } = reply;
  const said = Value.Check(errorReply, body) ? `${body.errorType ?? 'error'}: ${body.error}` : firstLine(reply.body);
  return new StepError('PROMETHEUS_QUERY_REFUSED', `${url} answered ${status}${said && `: ${said}`}`, {
    hint: hintFor(status, Value.Check(errorReply, body)),
    retryable: isPassing(status),
  });
}

const firstLine = (body: string): string => body.trim().split('\n', 1)[0]?.slice(0, 200) ?? '';

function hintFor(status: number, isFromPrometheus: boolean): string {
  if (status === 401 || status === 403)
    return 'Give `token` a secret that may query, or `headers` what the proxy asks for.';
  if (isPassing(status))
    return 'The server is overloaded or being restarted; if it stays so, ask for less or a shorter window.';
  return isFromPrometheus
    ? 'Try the query in the expression browser of the server.'
    : '`server` has to be the base URL of a Prometheus server, with the path prefix it is served under.';
}
