import { parseJson } from 'relpipe/plugin/toolkit';
import type { PreviewMatch, SideWeights } from '../routers/router.ts';
import type { DrainAnswer, RouterStatus } from './control/control-api.ts';
import { RouterError } from './router-error.ts';
import type { WeightState } from './state/state-file.ts';

/**
 * The client of a router's control endpoint. Every call throws RouterError: TRAFFIC_ROUTER_NOT_REACHED when nothing answers, else the
 * router's own error.
 */
export class RouterClient {
  readonly controlUrl: string;
  readonly #token: string;

  constructor(controlUrl: string, token: string) {
    this.controlUrl = controlUrl;
    this.#token = token;
  }

  readWeights(signal?: AbortSignal): Promise<WeightState> {
    return this.#ask<WeightState>('GET', '/v1/weights', { signal });
  }

  /** @throws RouterError TRAFFIC_ROUTER_WEIGHTS_INVALID, TRAFFIC_ROUTER_GENERATION_CONFLICT */
  setWeights(weights: SideWeights, { expectedGeneration, signal }: SetOptions = {}): Promise<WeightState> {
    const headers = expectedGeneration === undefined ? {} : { 'if-match': `"${expectedGeneration}"` };
    return this.#ask<WeightState>('PUT', '/v1/weights', { headers, body: JSON.stringify({ weights }), signal });
  }

  /** @throws RouterError TRAFFIC_ROUTER_PREVIEW_INVALID */
  async setPreview(preview: PreviewMatch | undefined, signal?: AbortSignal): Promise<void> {
    await this.#ask<unknown>('PUT', '/v1/preview', { body: JSON.stringify({ preview: preview ?? null }), signal });
  }

  readStatus(signal?: AbortSignal): Promise<RouterStatus> {
    return this.#ask<RouterStatus>('GET', '/v1/status', { signal });
  }

  /** Waits until a side of weight 0 has no request in flight, for at most `timeoutMs` (up to 10 minutes). */
  drain(side: string, timeoutMs: number, signal?: AbortSignal): Promise<DrainAnswer> {
    return this.#ask<DrainAnswer>('POST', `/v1/drain/${encodeURIComponent(side)}?timeout=${Math.round(timeoutMs)}ms`, { signal });
  }

  /** Asks the router to finish and stop; it is still running when this resolves. */
  async stop(signal?: AbortSignal): Promise<void> {
    await this.#ask<unknown>('POST', '/v1/stop', { signal });
  }

  async readMetrics(signal?: AbortSignal): Promise<string> {
    return (await this.#fetch('GET', '/metrics', { signal })).text();
  }

  async #ask<Answer>(method: string, path: string, options: AskOptions): Promise<Answer> {
    const response = await this.#fetch(method, path, options);
    const answer = parseJson(await response.text());
    // Undefined: another program listens there.
    if (!response.ok || answer === undefined) throw errorFrom(response.status, answer, this.controlUrl);
    // Client and endpoint belong to the same package and version.
    return answer as Answer;
  }

  async #fetch(method: string, path: string, { headers, body, signal }: AskOptions): Promise<Response> {
    try {
      return await fetch(`${this.controlUrl}${path}`, {
        method,
        headers: { ...headers, authorization: `Bearer ${this.#token}` },
        ...(body !== undefined && { body }),
        ...(signal !== undefined && { signal }),
      });
    } catch (error) {
      if (signal?.aborted === true) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw notReached(this.controlUrl, cause);
    }
  }
}

interface SetOptions {
  /** Set only if the weights still have this generation. */
  readonly expectedGeneration?: number;
  readonly signal?: AbortSignal;
}

interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

const notReached = (url: string, because: string) =>
  new RouterError(
    'TRAFFIC_ROUTER_NOT_REACHED',
    `The router's control endpoint ${url} cannot be reached: ${because}.`,
    'Check that the router is still running; its state file names its process.',
  );

function errorFrom(status: number, answer: unknown, url: string): RouterError {
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : undefined;
  if (isErrorBody(error)) return new RouterError(error.code, error.message, error.hint);
  return new RouterError(
    'TRAFFIC_ROUTER_REFUSED',
    `The control endpoint ${url} answered ${status}.`,
    'Check that a relpipe-router listens there.',
  );
}

const isErrorBody = (value: unknown): value is Pick<RouterError, 'code' | 'message' | 'hint'> =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'hint' in value;
