import { type AddressInfo, createServer } from 'node:net';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { type HttpCheckConfig, httpCheckMetric, httpCheckStep } from '../../src/builtin/http-check.ts';
import { look, measureContext, runContext, secretOf, serving } from './measure-context.ts';

const measure = async (config: HttpCheckConfig, context = measureContext()) => (await httpCheckMetric.measure(config, look, context))[0]!;

test.each([
  [200, undefined, 1],
  [204, undefined, 1],
  [500, undefined, 0],
  [404, undefined, 0],
  [302, undefined, 0],
  [302, 302, 1],
  [200, [201, 204], 0],
  [204, [201, 204], 1],
] as const)('the status %i where %j is expected measures %i', async (status, wanted, value) => {
  const url = await serving((_request, answer) => answer.writeHead(status, { location: '/elsewhere' }).end());
  const config = { url, ...(wanted !== undefined && { status: typeof wanted === 'number' ? wanted : [...wanted] }) };
  expect(await measure(config)).toMatchObject({ value, query: `GET ${url}`, raw: { status }, at: 1_000 });
});

test('the answer must contain the expected string', async () => {
  const url = await serving((_request, answer) => answer.end('{"status":"up"}'));
  expect(await measure({ url, contains: '"up"' })).toMatchObject({ value: 1 });
  expect(await measure({ url, contains: '"down"' })).toMatchObject({ value: 0, raw: { because: 'its answer does not contain "\\"down\\""' } });
});

test('no more than the first MiB of an endless answer is read', async () => {
  const url = await serving((_request, answer) => {
    const more = (): void => {
      if (answer.writable) answer.write('x'.repeat(65_536), more);
    };
    more();
  });
  expect(await measure({ url, contains: 'never' })).toMatchObject({ value: 0 });
});

test('method and headers are sent, and a secret does not appear in the measurement', async () => {
  let received: readonly unknown[] = [];
  const url = await serving(({ method, headers }, answer) => {
    received = [method, headers['authorization'], headers['x-plain']];
    answer.end();
  });
  const measured = await measure({ url, method: 'HEAD', headers: { authorization: secretOf('Bearer s3cret'), 'x-plain': 'yes' } });
  expect(received).toEqual(['HEAD', 'Bearer s3cret', 'yes']);
  expect(measured.value).toBe(1);
  expect(JSON.stringify(measured)).not.toContain('s3cret');
});

describe('a service is not healthy', () => {
  test('when it refuses the connection', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await measure({ url: `http://127.0.0.1:${port}/` })).toMatchObject({
      value: 0,
      raw: { because: 'nothing listens there (connection refused)' },
    });
  });

  test('when it does not answer in time', async () => {
    const url = await serving(() => undefined);
    const { value, raw } = await measure({ url, timeout: 30 });
    expect([value, raw]).toEqual([0, { because: expect.stringMatching(/^no answer within \d+ ms$/) as string, ms: expect.any(Number) as number }]);
  });

  test('when the time of the sample is over before its own timeout', async () => {
    const limit = new AbortController();
    const url = await serving(() => limit.abort(new DOMException('no answer within 20 ms', 'TimeoutError')));
    expect(await measure({ url }, measureContext({ signal: limit.signal }))).toMatchObject({ value: 0 });
  });

  test('when it closes the connection in the middle', async () => {
    const url = await serving((_request, answer) => {
      answer.writeHead(200, { 'content-length': '100' });
      answer.write('half', () => answer.destroy());
    });
    expect(await measure({ url, contains: 'whole' })).toMatchObject({ value: 0 });
  });

  test('when its host name no longer exists', async () => {
    const gone = Object.assign(new Error('getaddrinfo ENOTFOUND canary'), { code: 'ENOTFOUND' });
    const context = measureContext({ fetch: () => Promise.reject(new TypeError('fetch failed', { cause: gone })) });
    expect(await measure({ url: 'http://canary:8080/health' }, context)).toMatchObject({ value: 0, raw: { because: 'its host name is unknown' } });
  });
});

describe('a service cannot be checked', () => {
  test.each(['EAI_AGAIN', 'ENETUNREACH', 'EMFILE'])('when this machine itself fails with %s', async (code) => {
    const trouble = new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
    const context = measureContext({ fetch: () => Promise.reject(trouble) });
    await expect(measure({ url: 'http://canary:8080/health' }, context)).rejects.toMatchObject({ code: 'REL_HTTP_CHECK_REQUEST_FAILED', retryable: true });
  });

  test('when the watch stops', async () => {
    const stop = new AbortController();
    const url = await serving(() => stop.abort());
    await expect(measure({ url }, measureContext({ signal: stop.signal }))).rejects.toThrow(/aborted/);
  });
});

test.each([
  ['http://127.0.0.1:8080/health', true],
  ['https://example.org', true],
  ['https://example.org/a@b', true],
  ['ftp://example.org', false],
  ['example.org/health', false],
  ['https://user:password@example.org/', false],
])('the url %s fits the schema: %s', (url, fits) => {
  expect(Value.Check(httpCheckMetric.with, { url })).toBe(fits);
});

describe('http.check as a step', () => {
  test('waits until the service is healthy', async () => {
    const statuses = [503, 503, 500, 200];
    const lines: string[] = [];
    const url = await serving((_request, answer) => answer.writeHead(statuses.shift() ?? 200).end());
    const output = await httpCheckStep.run({ url }, runContext({ log: (line) => lines.push(line) }));
    expect(output).toEqual({ status: 200, ms: expect.any(Number) as number });
    expect(statuses).toEqual([]);
    expect(lines).toEqual(['not healthy yet: it answers 503', 'not healthy yet: it answers 500']);
  });

  test('fails with the last reason when its attempt ends, and may be tried again', async () => {
    const attempt = new AbortController();
    const url = await serving((_request, answer) => answer.writeHead(503).end());
    const sleep = async (): Promise<void> => {
      attempt.abort();
      attempt.signal.throwIfAborted();
    };
    const context = runContext({ signal: attempt.signal, clock: { now: () => 0, sleep } });
    await expect(httpCheckStep.run({ url }, context)).rejects.toMatchObject({
      code: 'REL_HTTP_CHECK_UNHEALTHY',
      message: `${url} did not become healthy: it answers 503.`,
      retryable: true,
    });
  });
});
