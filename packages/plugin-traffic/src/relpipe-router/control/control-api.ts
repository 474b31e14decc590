import { messageOf } from 'relpipe/plugin/toolkit';
import type { PreviewMatch, SideWeights } from '../../routers/router.ts';
import type { SideTotals } from '../data-path/side.ts';
import { isRecord, parseWeights } from '../parse-weights.ts';
import { parsePreview } from '../preview-match.ts';
import { RouterError, type RouterErrorCode } from '../router-error.ts';
import { parseDuration } from '../setting-reader.ts';
import type { RunningState, WeightState } from '../state/state-file.ts';
import { GenerationConflict } from '../state/weight-store.ts';

/** What the control endpoint can ask of the router. */
export interface ControlledRouter {
  readonly sideNames: readonly string[];
  /** Resolves when no change of the weights is in progress. */
  idle(): Promise<void>;
  weights(): WeightState;
  setWeights(weights: SideWeights, expectedGeneration?: number): Promise<WeightState>;
  setPreview(preview: PreviewMatch | undefined): Promise<WeightState>;
  status(): RouterStatus;
  metrics(): string;
  drain(side: string, timeoutMs: number): Promise<DrainAnswer>;
  stop(): void;
}

interface ControlRequest {
  readonly method: string;
  readonly url: URL;
  readonly ifMatch: string | undefined;
  readonly body: string;
}

export interface ControlAnswer {
  readonly status: number;
  /** A string is sent as it is, anything else as JSON. */
  readonly body: unknown;
  readonly generation?: number;
}

/** Handles one request to the control endpoint. */
export async function answerControl(router: ControlledRouter, request: ControlRequest): Promise<ControlAnswer> {
  const { pathname } = request.url;
  const methods = methodsOf(pathname);
  if (methods === undefined) return refusal(404, `There is no ${pathname}.`, knownPaths);
  if (!methods.includes(request.method))
    return refusal(405, `${pathname} does not support ${request.method}.`, `Use ${methods.join(' or ')}.`);
  // A client that reads after a change was sent must not get the weights before it: a rollback would find nothing to do.
  if (request.method === 'GET' && pathname !== '/metrics') await router.idle();
  switch (pathname) {
    case '/metrics': return { status: 200, body: router.metrics() };
    case '/v1/status': return { status: 200, body: router.status(), generation: router.weights().generation };
    case '/v1/weights': return request.method === 'PUT' ? changeWeights(router, request) : weightsAnswer(200, router.weights());
    case '/v1/preview': return request.method === 'PUT' ? changePreview(router, request) : previewAnswer(router.weights());
    case '/v1/stop':
      router.stop();
      return { status: 202, body: { isStopping: true } };
    default: return drain(router, request.url);
  }
}

const knownPaths = 'Use /v1/weights, /v1/preview, /v1/status, /v1/drain/<side>, /v1/stop or /metrics.';

/** An error in the format of the endpoint. */
export const refusal = (status: number, message: string, hint: string, code = 'TRAFFIC_ROUTER_REFUSED'): ControlAnswer =>
  ({ status, body: { error: { code, message, hint } } });

function methodsOf(pathname: string): readonly string[] | undefined {
  if (pathname.startsWith('/v1/drain/') || pathname === '/v1/stop') return ['POST'];
  if (pathname === '/v1/weights' || pathname === '/v1/preview') return ['GET', 'PUT'];
  return pathname === '/v1/status' || pathname === '/metrics' ? ['GET'] : undefined;
}

const weightsAnswer = (status: number, { weights, generation, changedAt }: WeightState): ControlAnswer =>
  ({ status, body: { weights, generation, changedAt }, generation });

async function changeWeights(router: ControlledRouter, { body, ifMatch }: ControlRequest): Promise<ControlAnswer> {
  const expected = ifMatch === undefined ? undefined : /^"?([0-9]+)"?$/.exec(ifMatch)?.[1];
  if (ifMatch !== undefined && expected === undefined) {
    return refusal(400, `if-match must be a generation; found ${ifMatch}.`, 'Send the generation that GET /v1/weights returns.');
  }
  try {
    const weights = parseWeights(fieldIn(body, 'weights', weightsFormat), router.sideNames);
    return weightsAnswer(200, await router.setWeights(weights, expected === undefined ? undefined : Number(expected)));
  } catch (error) {
    if (error instanceof GenerationConflict) return conflict(error);
    if (error instanceof RouterError) return refusal(400, error.message, error.hint, error.code);
    throw error;
  }
}

function conflict({ code, message, hint, present }: GenerationConflict): ControlAnswer {
  const { weights, generation, changedAt } = present;
  return { status: 409, body: { error: { code, message, hint }, weights, generation, changedAt }, generation };
}

interface BodyFormat {
  readonly code: RouterErrorCode;
  readonly hint: string;
}

const weightsFormat: BodyFormat = { code: 'TRAFFIC_ROUTER_WEIGHTS_INVALID', hint: 'Send {"weights":{"stable":90,"candidate":10}}.' };
const previewFormat: BodyFormat = {
  code: 'TRAFFIC_ROUTER_PREVIEW_INVALID',
  hint: 'Send {"preview":{"side":"candidate","by":"header","name":"x-tester"}}, or {"preview":null}.',
};

async function changePreview(router: ControlledRouter, { body }: ControlRequest): Promise<ControlAnswer> {
  try {
    return previewAnswer(await router.setPreview(parsePreview(fieldIn(body, 'preview', previewFormat), router.sideNames)));
  } catch (error) {
    if (error instanceof RouterError) return refusal(400, error.message, error.hint, error.code);
    throw error;
  }
}

const previewAnswer = ({ preview }: WeightState): ControlAnswer => ({ status: 200, body: { preview: preview ?? null } });

function fieldIn(body: string, name: string, { code, hint }: BodyFormat): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value[name] : undefined;
  } catch (error) {
    throw new RouterError(code, `The body is not JSON: ${messageOf(error)}.`, hint);
  }
}

async function drain(router: ControlledRouter, url: URL): Promise<ControlAnswer> {
  const side = url.pathname.slice('/v1/drain/'.length);
  const timeout = url.searchParams.get('timeout') ?? '30s';
  const timeoutMs = parseDuration(timeout);
  if (!router.sideNames.includes(side)) return refusal(404, `There is no side "${side}".`, `The sides are ${router.sideNames.join(', ')}.`);
  if (timeoutMs === undefined || timeoutMs > maxDrainMs) {
    return refusal(400, `The timeout must be a duration up to 10m; found ${timeout}.`, 'Write for example ?timeout=30s.');
  }
  const weight = router.weights().weights[side] ?? 0;
  if (weight > 0)
    return refusal(409, `Side "${side}" gets ${weight} % of the new requests, so it cannot be drained.`, 'Set its weight to 0 first.');
  return { status: 200, body: await router.drain(side, timeoutMs) };
}

const maxDrainMs = 600_000;

/** Answer of `GET /v1/status`. */
export interface RouterStatus extends WeightState, RunningState {
  readonly sides: Readonly<Record<string, SideStatus>>;
  /** Requests that were refused before a side was chosen, by status code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly failovers: number;
}

export interface SideStatus {
  readonly url: string;
  readonly weight: number;
  readonly health: 'unknown' | 'healthy' | 'unhealthy';
  readonly healthBecause?: string;
  readonly inFlight: number;
  readonly sinceStart: SideTotals;
  /** `assigned` here is the number of requests given to the side under the present weights. */
  readonly sinceWeightChange: SideTotals;
}

/** Answer of `POST /v1/drain/<side>`. */
export interface DrainAnswer {
  readonly side: string;
  readonly isDrained: boolean;
  readonly inFlight: number;
}
