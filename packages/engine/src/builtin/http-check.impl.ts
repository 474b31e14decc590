import type { MeasureContext, Measurement, ReadContext, RunContext } from '../contract/index.ts';
import { busyReason, revealHeaders, whyUnreachable } from '../toolkit/index.ts';
import { relpipeStepError } from '../errors/relpipe-error.ts';
import type { HttpCheckConfig } from './http-check.ts';

export async function measure(config: HttpCheckConfig, context: MeasureContext): Promise<readonly Measurement[]> {
  const at = context.clock.now();
  const { isHealthy, ...raw } = await checkUrl(config, context);
  return [{ at, value: isHealthy ? 1 : 0, query: `${config.method ?? 'GET'} ${config.url}`, raw, warnings: [] }];
}

const pauseMs = 1_000;

export async function waitUntilHealthy(config: HttpCheckConfig, context: RunContext<unknown>): Promise<{ status: number; ms: number }> {
  for (let because = ''; ; ) {
    const answer = await checkUrl(config, context);
    if (answer.isHealthy && answer.status !== undefined) return { status: answer.status, ms: answer.ms };
    if (answer.because !== because) context.log(`not healthy yet: ${answer.because}`);
    because = answer.because;
    await pause(config.url, because, context);
  }
}

/** When the attempt ends meanwhile, what was wrong last says more than that it took too long. */
async function pause(url: string, because: string, { clock, signal }: RunContext<unknown>): Promise<void> {
  try {
    await clock.sleep(pauseMs);
  } catch (error) {
    throw signal.aborted ? relpipeStepError('REL_HTTP_CHECK_UNHEALTHY', { url, because }, true) : error;
  }
}

/** What one request showed about the health of a service. `status` is missing when there was no answer. */
interface HealthAnswer {
  readonly isHealthy: boolean;
  readonly because: string;
  readonly status?: number;
  readonly ms: number;
}

const defaultTimeoutMs = 5_000;

/**
 * Sends one request. A service that refuses, hangs, closes the connection or no longer has an address is not healthy: that was measured. Only a
 * failure of this machine says nothing about the service.
 * @throws {StepError} `REL_HTTP_CHECK_REQUEST_FAILED`, retryable
 */
async function checkUrl(config: HttpCheckConfig, context: ReadContext): Promise<HealthAnswer> {
  const { url, timeout = defaultTimeoutMs } = config;
  const startedAt = performance.now();
  const ms = (): number => Math.round(performance.now() - startedAt);
  const overdue = AbortSignal.timeout(timeout);
  try {
    return { ...(await request(config, AbortSignal.any([context.signal, overdue]), context)), ms: ms() };
  } catch (error) {
    if (overdue.aborted || isOutOfTime(context.signal)) return { isHealthy: false, because: busyReason(error) ?? `no answer within ${ms()} ms`, ms: ms() };
    context.signal.throwIfAborted();
    if (isLocalFailure(error)) throw relpipeStepError('REL_HTTP_CHECK_REQUEST_FAILED', { url, because: whyUnreachable(error) }, true);
    return { isHealthy: false, because: whyUnreachable(error), ms: ms() };
  }
}

async function request(config: HttpCheckConfig, signal: AbortSignal, context: ReadContext): Promise<Omit<HealthAnswer, 'ms'>> {
  const answer = await context.fetch(config.url, { method: config.method ?? 'GET', headers: revealHeaders(config.headers), redirect: 'manual', signal });
  const isExpected = isExpectedStatus(config.status, answer.status);
  const isFound = isExpected && config.contains !== undefined ? (await readStart(answer)).includes(config.contains) : true;
  if (answer.body?.locked === false) await answer.body.cancel();
  const because = isFound ? `it answers ${answer.status}` : `its answer does not contain ${JSON.stringify(config.contains)}`;
  return { isHealthy: isExpected && isFound, because, status: answer.status };
}

const isExpectedStatus = (expected: HttpCheckConfig['status'], status: number): boolean =>
  expected === undefined ? status >= 200 && status <= 299 : [expected].flat().includes(status);

const maximumBody = 1024 * 1024;

async function readStart(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= maximumBody) break;
  }
  return text;
}

/** The gate's interval ended before the request did: the service has not answered in time. */
const isOutOfTime = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && reason instanceof DOMException && reason.name === 'TimeoutError';

/** This machine has no route, no sockets or no resolver. An unknown name is not among them: a container that is gone takes its name along. */
const localFailures = new Set(['EAI_AGAIN', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EMFILE', 'ENFILE', 'EACCES', 'EPERM']);

function isLocalFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && localFailures.has(error.code)) return true;
  return error instanceof AggregateError ? error.errors.every(isLocalFailure) : isLocalFailure(error.cause);
}
