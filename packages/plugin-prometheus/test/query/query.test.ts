import { serve } from '@relpipe/testing/http-server';
import { containing } from '@relpipe/testing/matchers';
import { secretOf, virtualContext } from '@relpipe/testing/step-context';
import type { MetricUse } from 'relpipe/plugin';
import { describe, expect, test } from 'vitest';
import { query, type QueryConfig } from '../../src/query/query.ts';
import { badData, startPrometheus, type Answer, type Asked } from '../support/prometheus.ts';

const t0 = 1_800_000_000_000;
const measure = (config: QueryConfig, at: readonly number[], from = t0 - 60_000) =>
  query.measure(config, { window: { from, to: at.at(-1) ?? t0 }, at }, virtualContext());

const vector =
  (...series: [Record<string, string>, string][]) =>
  (asked: Asked): Answer => ({
    data: {
      resultType: 'vector',
      result: series.map(([metric, value]) => ({ metric, value: [Number(asked.parameters['time']), value] })),
    },
  });
const matrix = (...series: [Record<string, string>, [number, string][]][]): Answer => ({
  data: { resultType: 'matrix', result: series.map(([metric, values]) => ({ metric, values })) },
});

test('a request for one time is an instant query, and its measurement keeps the query and the raw value', async () => {
  await using server = await startPrometheus(vector([{ job: 'api' }, '0.25']));
  expect(await measure({ server: `${server.url}/`, query: 'rate(errors[$window])' }, [t0])).toEqual([
    { at: t0, value: 0.25, query: 'rate(errors[60s])', raw: { series: '{job="api"}', value: '0.25' }, warnings: [] },
  ]);
  expect(server.asked).toMatchObject([
    { method: 'GET', path: '/api/v1/query', parameters: { query: 'rate(errors[60s])', time: '1800000000.000' } },
  ]);
});

test('a scalar result is a measurement', async () => {
  await using server = await startPrometheus(() => ({ data: { resultType: 'scalar', result: [1_800_000_000, '7'] } }));
  expect(await measure({ server: server.url, query: 'scalar(up)' }, [t0])).toMatchObject([{ value: 7 }]);
});

test('a result without series is no data, while NaN and infinity are kept', async () => {
  for (const [series, value] of [
    [[], null],
    [[[{}, 'NaN']], Number.NaN],
    [[[{}, '+Inf']], Infinity],
  ] as [[Record<string, string>, string][], number | null][]) {
    await using server = await startPrometheus(vector(...series));
    expect(await measure({ server: server.url, query: 'x' }, [t0])).toMatchObject([{ at: t0, value }]);
  }
});

test('several series are returned with their labels, for the engine to reduce or refuse', async () => {
  await using server = await startPrometheus(vector([{ pod: 'a' }, '1'], [{ pod: 'b' }, '2']));
  const found = await measure({ server: server.url, query: 'x' }, [t0]);
  expect(found.map(({ series, value }) => [series, value])).toEqual([
    ['{pod="a"}', 1],
    ['{pod="b"}', 2],
  ]);
});

test('a header can be a secret, e.g. for a proxy with Basic authentication', async () => {
  const seen: unknown[] = [];
  await using server = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: [] } }));
  });
  await measure({ server: server.url, query: 'x', headers: { Authorization: secretOf('Basic abc') } }, [t0]);
  expect(seen).toEqual(['Basic abc']);
});

test('warnings and infos of the server are kept with the measurement', async () => {
  const answer = {
    ...matrix(),
    warnings: ['partial response'],
    infos: ['metric might not be a counter'],
    data: { resultType: 'vector', result: [] },
  };
  await using server = await startPrometheus(() => answer);
  const [found] = await measure({ server: server.url, query: 'x' }, [t0]);
  expect(found?.warnings).toEqual(['partial response', 'metric might not be a counter']);
  expect(found?.partial).toBe('partial response');
});

describe('a query for several times', () => {
  test('evenly spaced times are one range query, and a time at which the series is stale has no data', async () => {
    await using server = await startPrometheus(() =>
      matrix([
        {},
        [
          [1_800_000_000, '1'],
          [1_800_000_060, '3'],
        ],
      ]),
    );
    const found = await measure({ server: server.url, query: 'x', window: 30_000 }, [t0, t0 + 30_000, t0 + 60_000]);
    expect(found.map(({ at, value }) => [at, value])).toEqual([
      [t0, 1],
      [t0 + 30_000, null],
      [t0 + 60_000, 3],
    ]);
    expect(server.asked).toMatchObject([
      { path: '/api/v1/query_range', parameters: { start: '1800000000.000', end: '1800000060.000', step: '30.000' } },
    ]);
  });

  test('times keep their milliseconds', async () => {
    await using server = await startPrometheus(() =>
      matrix([
        {},
        [
          [1_800_000_000.123, '1'],
          [1_800_000_000.373, '2'],
        ],
      ]),
    );
    const found = await measure({ server: server.url, query: 'x' }, [t0 + 123, t0 + 373]);
    expect(found.map(({ at, value }) => [at, value])).toEqual([
      [t0 + 123, 1],
      [t0 + 373, 2],
    ]);
  });

  test('`$window` never reaches back before the last weight change', async () => {
    await using server = await startPrometheus((asked) =>
      asked.path.endsWith('_range') ? matrix() : vector([{}, '1'])(asked),
    );
    const at = [t0, t0 + 30_000, t0 + 60_000, t0 + 90_000, t0 + 120_000];
    const found = await measure({ server: server.url, query: 'rate(x[$window])', window: 60_000 }, at, t0);
    expect(found.map((one) => [one.query, one.value])).toEqual([
      ['rate(x[0ms])', null],
      ['rate(x[30s])', 1],
      ['rate(x[60s])', null],
      ['rate(x[60s])', null],
      ['rate(x[60s])', null],
    ]);
    expect(server.asked.map(({ path }) => path)).toEqual(['/api/v1/query', '/api/v1/query_range']);
  });
});

test('a long query is sent by POST, because proxies refuse long URLs', async () => {
  await using server = await startPrometheus(vector([{}, '1']));
  const long = `x{a=~"${'b|'.repeat(2000)}c"}`;
  expect(await measure({ server: server.url, query: long }, [t0])).toMatchObject([{ value: 1 }]);
  expect(server.asked).toMatchObject([{ method: 'POST', parameters: { query: long } }]);
});

test('a path prefix, headers and the token are sent', async () => {
  await using server = await serve((request, response) => {
    const { url, headers } = request;
    const value = [url?.split('?')[0], headers['x-scope-orgid'], headers.authorization].join(' ');
    const body = {
      status: 'success',
      data: { resultType: 'vector', result: [{ metric: { value }, value: [1, '1'] }] },
    };
    response.end(JSON.stringify(body));
  });
  const config = {
    server: `${server.url}/prom/`,
    query: 'x',
    headers: { 'X-Scope-OrgID': 'me' },
    token: secretOf('s3cret'),
  };
  expect(await measure(config, [1000], 0)).toMatchObject([
    { raw: { series: '{value="/prom/api/v1/query me Bearer s3cret"}' } },
  ]);
});

const refusals: [string, Answer, { message: string; retryable: boolean; hint: string }][] = [
  [
    'a query that is not valid',
    badData('1:7: parse error: unclosed left parenthesis'),
    { message: 'returned 400: bad_data: 1:7: parse error', retryable: false, hint: 'expression browser' },
  ],
  [
    'a query that loads too many samples',
    { status: 422, body: { status: 'error', errorType: 'execution', error: 'too many samples' } },
    { message: 'execution: too many samples', retryable: false, hint: 'expression browser' },
  ],
  [
    'a query that times out',
    { status: 503, body: { status: 'error', errorType: 'timeout', error: 'query timed out' } },
    { message: 'timeout: query timed out', retryable: true, hint: 'shorter window' },
  ],
  [
    'a missing token',
    { status: 401, body: 'Unauthorized\n' },
    { message: 'returned 401: Unauthorized', retryable: false, hint: '`token`' },
  ],
  [
    'a wrong path prefix',
    { status: 404, body: '404 page not found' },
    { message: 'returned 404', retryable: false, hint: 'path prefix' },
  ],
  [
    'a page that is not the API',
    { status: 200, body: '<html>\n</html>' },
    { message: 'returned 200: <html>', retryable: false, hint: 'base URL' },
  ],
  [
    'an error with status 200',
    { status: 200, body: { status: 'error', error: 'odd' } },
    { message: 'error: odd', retryable: false, hint: 'expression browser' },
  ],
];
test.each(refusals)('%s is an error with the message of the server', async (_, answer, { message, retryable, hint }) => {
  await using server = await startPrometheus(() => answer);
  await expect(measure({ server: server.url, query: 'x(' }, [t0])).rejects.toMatchObject({
    code: 'PROMETHEUS_QUERY_REFUSED',
    message: containing(message),
    hint: containing(hint),
    retryable,
  });
});

test.each([
  ['a string', { resultType: 'string', result: [1, 'x'] }, 'a string'],
  ['a range', { resultType: 'matrix', result: [{ metric: {}, values: [[1, '1']] }] }, 'a range of values'],
  [
    'native histograms',
    { resultType: 'vector', result: [{ metric: {}, histogram: [1, { count: '1' }] }] },
    'native histograms',
  ],
])('a query that returns %s is an error', async (_, data, why) => {
  await using server = await startPrometheus(() => ({ data }));
  await expect(measure({ server: server.url, query: 'x' }, [t0])).rejects.toMatchObject({
    code: 'PROMETHEUS_RESULT_TYPE_UNSUPPORTED',
    message: containing(why),
  });
});

test.each([
  ['rate(x[$window])', 30_000, 30_000],
  ['rate(x[$window])', undefined, undefined],
  ['rate(x[1h30m])', undefined, 5_400_000],
  ['rate(x[$window]) / rate(y[5m])', 30_000, 300_000],
  ['max_over_time(x[10m:1m])', 30_000, 600_000],
  ['x{path=~"[a-z]"}', 30_000, undefined],
])('the window of the query %s with the window %s is %s', (text, window, expected) => {
  expect(query.window?.({ server: 'http://127.0.0.1:9', query: text, ...(window !== undefined && { window }) })).toBe(expected);
});

describe('prometheus.query before the run', () => {
  const verify = (server: string, use: MetricUse = { unit: 'none' }, text = 'rate(x[$window])') => query.verify?.({ server, query: text }, virtualContext(), use);

  test('a query that returns a series has no findings', async () => {
    await using server = await startPrometheus(vector([{}, '1']));
    expect(await verify(server.url)).toEqual([]);
    expect(server.asked[0]?.parameters['query']).toBe('rate(x[300s])');
  });

  test('several series without `reduce` are an error with their labels, and none with it', async () => {
    await using server = await startPrometheus(vector([{ pod: 'a' }, '1'], [{ pod: 'b' }, '2']));
    expect(await verify(server.url)).toMatchObject([
      { level: 'error', code: 'PROMETHEUS_SEVERAL_SERIES', message: containing('2 series now, and a gate compares one value: {pod="a"}, {pod="b"}.') },
    ]);
    expect(await verify(server.url, { unit: 'none', reduce: 'max' })).toEqual([]);
  });

  test('a ratio above 1 is an error, and so is a query that multiplies a ratio by 100', async () => {
    await using server = await startPrometheus(vector([{}, '40']));
    expect(await verify(server.url, { unit: 'ratio' })).toMatchObject([
      { level: 'error', code: 'PROMETHEUS_NOT_A_RATIO', message: 'The value is 40 now, and a ratio is between 0 and 1.' },
    ]);
    expect(await verify(server.url, { unit: 'percent' }, 'good / all * 100')).toEqual([]);
    expect(await verify('http://127.0.0.1:9', { unit: 'ratio' }, 'good / all * 100')).toMatchObject([
      { level: 'error', code: 'PROMETHEUS_NOT_A_RATIO', message: containing('multiplies by 100') },
    ]);
  });

  test('a partial answer is a warning, unless the metric accepts it', async () => {
    await using server = await startPrometheus((asked) => ({ ...vector([{}, '1'])(asked), warnings: ['store-2 did not answer'] }));
    expect(await verify(server.url)).toMatchObject([
      { level: 'warning', code: 'PROMETHEUS_ANSWER_PARTIAL', message: containing('store-2 did not answer') },
    ]);
    expect(await verify(server.url, { unit: 'none', partial: 'accept' })).toEqual([]);
  });

  test('a query without any series is a warning', async () => {
    await using server = await startPrometheus(vector());
    expect(await verify(server.url)).toMatchObject([{ level: 'warning', code: 'PROMETHEUS_NO_SERIES', at: ['query'] }]);
  });

  test('a query that the server refuses is an error', async () => {
    await using server = await startPrometheus(() => badData('parse error'));
    expect(await verify(server.url)).toMatchObject([{ level: 'error', code: 'PROMETHEUS_QUERY_REFUSED' }]);
  });

  test('a server that does not respond is a warning: the query could not be checked', async () => {
    const server = await startPrometheus(vector());
    await server[Symbol.asyncDispose]();
    expect(await verify(server.url)).toMatchObject([{ level: 'warning', message: containing('could not be checked') }]);
  });
});
