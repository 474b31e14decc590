import type { Testers } from '../../router-kinds/router.ts';
import { isRecord } from '../is-record.ts';
import { messageOf } from '../message-of.ts';
import { RouterError, type RouterErrorCode } from '../router-error.ts';
import { parseDuration } from '../settings/parse-duration.ts';
import type { WeightState } from '../state/router-state.ts';
import { GenerationConflict } from '../state/weight-store.ts';
import { parseTesters } from '../testers/parse-testers.ts';
import { parseWeights, type Weights } from '../weights.ts';
import type { DrainAnswer, RouterStatus } from './router-status.ts';

/** What the control endpoint can ask of the router. */
export interface ControlledRouter {
  readonly sideNames: readonly string[];
  /** Resolves when no change of the weights is under way. */
  settled(): Promise<void>;
  weights(): WeightState;
  setWeights(weights: Weights, expectedGeneration?: number): Promise<WeightState>;
  setTesters(testers: Testers | undefined): Promise<WeightState>;
  status(): RouterStatus;
  metrics(): string;
  drain(side: string, timeoutMs: number): Promise<DrainAnswer>;
  stop(): void;
}

export interface ControlRequest {
  readonly method: string;
  readonly url: URL;
  readonly ifMatch: string | undefined;
  readonly body: string;
}

export interface ControlAnswer {
  readonly status: number;
  /** A text is sent as it is, anything else as JSON. */
  readonly body: unknown;
  readonly generation?: number;
}

/** Does what the request asks. */
export async function answerControl(router: ControlledRouter, request: ControlRequest): Promise<ControlAnswer> {
  const { pathname } = request.url;
  const methods = methodsOf(pathname);
  if (methods === undefined) return refusal(404, `There is no ${pathname}.`, whatThereIs);
  if (!methods.includes(request.method)) return refusal(405, `${pathname} does not know ${request.method}.`, `Use ${methods.join(' or ')}.`);
  // Who reads after a change was sent must not see the weights before it: a way back would find nothing to do.
  if (request.method === 'GET' && pathname !== '/metrics') await router.settled();
  switch (pathname) {
    case '/metrics': return { status: 200, body: router.metrics() };
    case '/v1/status': return { status: 200, body: router.status(), generation: router.weights().generation };
    case '/v1/weights': return request.method === 'PUT' ? changeWeights(router, request) : weightsAnswer(200, router.weights());
    case '/v1/testers': return request.method === 'PUT' ? changeTesters(router, request) : testersAnswer(router.weights());
    case '/v1/stop':
      router.stop();
      return { status: 202, body: { isStopping: true } };
    default: return drain(router, request.url);
  }
}

const whatThereIs = 'Ask for /v1/weights, /v1/testers, /v1/status, /v1/drain/<side>, /v1/stop or /metrics.';

/** An error in the shape every answer of the endpoint uses. */
export const refusal = (status: number, message: string, hint: string, code = 'TRAFFIC_ROUTER_REFUSED'): ControlAnswer =>
  ({ status, body: { error: { code, message, hint } } });

function methodsOf(pathname: string): readonly string[] | undefined {
  if (pathname.startsWith('/v1/drain/') || pathname === '/v1/stop') return ['POST'];
  if (pathname === '/v1/weights' || pathname === '/v1/testers') return ['GET', 'PUT'];
  return pathname === '/v1/status' || pathname === '/metrics' ? ['GET'] : undefined;
}

const weightsAnswer = (status: number, { weights, generation, changedAt }: WeightState): ControlAnswer =>
  ({ status, body: { weights, generation, changedAt }, generation });

async function changeWeights(router: ControlledRouter, { body, ifMatch }: ControlRequest): Promise<ControlAnswer> {
  const expected = ifMatch === undefined ? undefined : /^"?([0-9]+)"?$/.exec(ifMatch)?.[1];
  if (ifMatch !== undefined && expected === undefined) {
    return refusal(400, `if-match is ${ifMatch}, not a generation.`, 'Give the generation that GET /v1/weights shows.');
  }
  try {
    const weights = parseWeights(fieldIn(body, 'weights', sendWeights), router.sideNames);
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

interface HowToSend {
  readonly code: RouterErrorCode;
  readonly hint: string;
}

const sendWeights: HowToSend = { code: 'TRAFFIC_ROUTER_WEIGHTS_INVALID', hint: 'Send {"weights":{"stable":90,"candidate":10}}.' };
const sendTesters: HowToSend = { code: 'TRAFFIC_ROUTER_TESTERS_INVALID', hint: 'Send {"testers":{"side":"candidate","by":"header","name":"x-tester"}}, or {"testers":null}.' };

async function changeTesters(router: ControlledRouter, { body }: ControlRequest): Promise<ControlAnswer> {
  try {
    return testersAnswer(await router.setTesters(parseTesters(fieldIn(body, 'testers', sendTesters), router.sideNames)));
  } catch (error) {
    if (error instanceof RouterError) return refusal(400, error.message, error.hint, error.code);
    throw error;
  }
}

const testersAnswer = ({ testers }: WeightState): ControlAnswer => ({ status: 200, body: { testers: testers ?? null } });

function fieldIn(body: string, name: string, { code, hint }: HowToSend): unknown {
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
    return refusal(400, `The timeout ${timeout} is not a duration up to 10m.`, 'Write for example ?timeout=30s.');
  }
  const weight = router.weights().weights[side] ?? 0;
  if (weight > 0) return refusal(409, `Side "${side}" has ${weight} % of the new requests, so it cannot run empty.`, 'Set its weight to 0 first.');
  return { status: 200, body: await router.drain(side, timeoutMs) };
}

const maxDrainMs = 600_000;
