import { text } from 'node:stream/consumers';
import { serve, type Served } from '@relpipe/testing/http-server';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Prometheus extends Served {
  readonly asked: Asked[];
}

/** A response of the server: the `data` of a success, or a whole body with its status. */
export type Answer = { data: unknown; warnings?: string[]; infos?: string[] } | { status: number; body: unknown };

/** Stands in for a server: checks every request as Prometheus does, and responds as the test says. */
export async function startPrometheus(answer: (asked: Asked) => Answer): Promise<Prometheus> {
  const asked: Asked[] = [];
  const served = await serve(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    const form = request.method === 'POST' ? new URLSearchParams(await text(request)) : url.searchParams;
    const one = {
      method: request.method ?? '',
      path: url.pathname,
      parameters: Object.fromEntries(form),
      headers: request.headers,
    };
    asked.push(one);
    const { status, body } = reply(refuse(one) ?? answer(one));
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  return Object.assign(served, { asked });
}

export const badData = (error: string): Answer => ({
  status: 400,
  body: { status: 'error', errorType: 'bad_data', error },
});

const reply = (answer: Answer): { status: number; body: unknown } =>
  'body' in answer ? answer : { status: 200, body: { status: 'success', ...answer } };

const needed: Readonly<Record<string, readonly string[]>> = {
  '/api/v1/query': ['query', 'time'],
  '/api/v1/query_range': ['query', 'start', 'end', 'step'],
  '/api/v1/rules': ['type'],
};

function refuse({ path, parameters }: Asked): Answer | undefined {
  const names = needed[path];
  if (!names) return { status: 404, body: '404 page not found' };
  const missing = names.find((name) => !parameters[name]);
  if (missing !== undefined) return badData(`invalid parameter "${missing}"`);
  const odd = names.slice(1).find((name) => !Number.isFinite(Number(parameters[name])));
  if (odd !== undefined) return badData(`cannot parse "${odd}"`);
  const points = (Number(parameters['end']) - Number(parameters['start'])) / Number(parameters['step']);
  return points > 11_000 ? badData('exceeded maximum resolution of 11,000 points per timeseries') : undefined;
}
