import { StepError, Type, type ReadContext } from 'relpipe/plugin';
import { busyHint, busyReason, isTransient, parseJson, readBody, retryAfterMs, whyUnreachable } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';

/** Until a small answer is complete, or the head of a large one has arrived. */
const timeoutMs = 30_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The address that answered: another one than was asked after a redirect. */
  readonly url: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How long the registry asks not to be asked again. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Sends one request and reads the whole answer.
 * @throws {StepError} `DOCKER_REGISTRY_UNREACHABLE`, retryable: every request to a registry may be repeated
 */
export const send = (url: string, request: RequestInit, context: ReadContext): Promise<Answer> =>
  inTime(url, request, context, async (signal) => {
    const response = await context.fetch(url, { ...request, signal });
    const { status, headers, url: answeredBy } = response;
    return { status, headers, url: answeredBy, bytes: await readBody(response), retryAfterMs: retryAfterMs(response, context.clock.now()) };
  });

/** Sends one request and leaves the body of its answer to be read. @throws {StepError} */
export const sendForStream = (url: string, request: RequestInit, context: ReadContext): Promise<Response> =>
  inTime(url, request, context, (signal) => context.fetch(url, { ...request, signal }));

/** A stream may take as long as it needs. */
async function inTime<T>(url: string, { body }: RequestInit, context: ReadContext, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const overdue = new AbortController();
  const timer = body instanceof ReadableStream ? undefined : setTimeout(() => overdue.abort(), timeoutMs);
  try {
    return await act(AbortSignal.any([context.signal, overdue.signal]));
  } catch (error) {
    context.signal.throwIfAborted();
    const why = busyReason(error) ?? (overdue.signal.aborted ? `it did not answer within ${timeoutMs / 1000} s` : whyUnreachable(error));
    throw new StepError('DOCKER_REGISTRY_UNREACHABLE', `Could not reach ${withoutQuery(url)}: ${why}.`, {
      hint: 'Check the name of the registry, and that this machine can connect to it.',
      retryable: true,
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** The query of an upload is long, and only the registry understands it. */
const withoutQuery = (url: string): string => url.replace(/\?.*$/s, '');

/** The error for an answer that refuses. `what`: the start of the sentence, e.g. `https://ghcr.io refused to read acme/engine:1.0`. */
export function refusal(what: string, answer: Pick<Answer, 'status' | 'bytes' | 'retryAfterMs'>): StepError {
  const { status, bytes } = answer;
  const reason = reasonIn(bytes);
  return new StepError('DOCKER_REGISTRY_REFUSED', `${what} (${status}${reason === '' ? '' : `: ${reason}`}).`, {
    hint: hintFor(answer),
    retryable: isTransient(status),
  });
}

/** OCI distribution specification, "Error Codes". */
const errorBody = Type.Object({
  errors: Type.Array(Type.Object({ code: Type.String(), message: Type.Optional(Type.String()) }), { minItems: 1 }),
});

function reasonIn(bytes: Uint8Array): string {
  const body = parseJson(bytes);
  if (!Value.Check(errorBody, body)) return '';
  return body.errors.map(({ code, message = '' }) => `${code} ${message}`.trim()).join('; ');
}

function hintFor({ status, ...answer }: Pick<Answer, 'status' | 'retryAfterMs'>): string {
  if (status === 401) return 'Log in with `docker login`, or set `logins` to a person or robot account of this registry.';
  if (status === 403) return 'Use an account that has the right to pull and to push.';
  return isTransient(status) ? busyHint(answer) : 'Check the name of the image.';
}
