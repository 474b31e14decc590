import { serve, type Served } from '../http-server.ts';

/** A stand-in for the HTTP API of a Prometheus server, whose only series is a function of time, so that it also answers for the past. */
export interface Prometheus extends Served {
  /** The share of errors at a moment in milliseconds since the epoch; undefined: there is no sample. */
  valueAt: (at: number) => number | undefined;
  isDown: boolean;
  /** The moments of all queries. */
  readonly asked: number[];
}

export async function startPrometheus(): Promise<Prometheus> {
  const asked: number[] = [];
  const state: Pick<Prometheus, 'valueAt' | 'isDown'> = { valueAt: () => 0, isDown: false };
  const point = (seconds: number): [number, string][] => {
    asked.push(seconds * 1000);
    const value = state.valueAt(seconds * 1000);
    return value === undefined ? [] : [[seconds, String(value)]];
  };
  const served = await serve((request, response) => {
    if (state.isDown) return response.writeHead(503).end('starting');
    const url = new URL(request.url ?? '/', 'http://prometheus');
    const number = (name: string): number => Number(url.searchParams.get(name));
    const result = url.pathname.endsWith('query_range')
      ? [{ metric: {}, values: momentsOf(number('start'), number('end'), number('step')).flatMap(point) }].filter(({ values }) => values.length > 0)
      : point(number('time')).map((value) => ({ metric: {}, value }));
    const resultType = url.pathname.endsWith('query_range') ? 'matrix' : 'vector';
    return response.setHeader('content-type', 'application/json').end(JSON.stringify({ status: 'success', data: { resultType, result } }));
  });
  return Object.assign(state, { asked, url: served.url, [Symbol.asyncDispose]: () => served[Symbol.asyncDispose]() });
}

const momentsOf = (start: number, end: number, step: number): number[] =>
  Array.from({ length: Math.floor((end - start) / step + 1e-6) + 1 }, (_, i) => start + i * step);
