import { whyUnreachable, type ReadContext } from '../../contract/index.ts';
import type { HttpCheckConfig } from './http-check-schema.ts';
import { refusedStep } from './refused-step.ts';

/** What one request said about the health of a service. `status` is missing when there was no answer. */
export interface HealthAnswer {
  readonly isHealthy: boolean;
  readonly because: string;
  readonly status?: number;
  readonly ms: number;
}

const defaultTimeoutMs = 5_000;

/**
 * Asks once. A service that refuses, hangs, breaks off or has no address any more is not healthy: that was measured. Only what is wrong
 * with this machine says nothing about the service.
 * @throws {StepError} `REL_HTTP_CHECK_REQUEST_FAILED`, retryable
 */
export async function checkUrl(config: HttpCheckConfig, context: ReadContext): Promise<HealthAnswer> {
  const { url, timeout = defaultTimeoutMs } = config;
  const began = performance.now();
  const ms = (): number => Math.round(performance.now() - began);
  const overdue = AbortSignal.timeout(timeout);
  try {
    return { ...(await ask(config, AbortSignal.any([context.signal, overdue]), context)), ms: ms() };
  } catch (error) {
    if (overdue.aborted || isOutOfTime(context.signal)) return { isHealthy: false, because: `no answer within ${ms()} ms`, ms: ms() };
    context.signal.throwIfAborted();
    if (isOwnTrouble(error)) throw refusedStep('REL_HTTP_CHECK_REQUEST_FAILED', { url, because: whyUnreachable(error) }, true);
    return { isHealthy: false, because: whyUnreachable(error), ms: ms() };
  }
}

async function ask(config: HttpCheckConfig, signal: AbortSignal, context: ReadContext): Promise<Omit<HealthAnswer, 'ms'>> {
  const headers = Object.entries(config.headers ?? {}).map(([name, value]): [string, string] => [name, textOf(value)]);
  const answer = await context.fetch(config.url, { method: config.method ?? 'GET', headers, redirect: 'manual', signal });
  const isWanted = isWantedStatus(config.status, answer.status);
  const isFound = isWanted && config.contains !== undefined ? (await readStart(answer)).includes(config.contains) : true;
  if (answer.body?.locked === false) await answer.body.cancel();
  const because = isFound ? `it answers ${answer.status}` : `its answer does not contain ${JSON.stringify(config.contains)}`;
  return { isHealthy: isWanted && isFound, because, status: answer.status };
}

const textOf = (value: NonNullable<HttpCheckConfig['headers']>[string]): string =>
  typeof value === 'string' ? value : value.reveal();

const isWantedStatus = (wanted: HttpCheckConfig['status'], status: number): boolean =>
  wanted === undefined ? status >= 200 && status <= 299 : [wanted].flat().includes(status);

const longestBody = 1024 * 1024;

async function readStart(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= longestBody) break;
  }
  return text;
}

/** The gate's interval is over before the request: the service has not answered in time. */
const isOutOfTime = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && reason instanceof DOMException && reason.name === 'TimeoutError';

/** No route, no sockets, no resolver. An unknown name is not among them: a container that is gone takes its name along. */
const ownTroubles = new Set(['EAI_AGAIN', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EMFILE', 'ENFILE', 'EACCES', 'EPERM']);

function isOwnTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && ownTroubles.has(error.code)) return true;
  return error instanceof AggregateError ? error.errors.every(isOwnTrouble) : isOwnTrouble(error.cause);
}
