import { chmod, readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join, resolve } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { expect, test } from 'vitest';
import { parseArguments } from '../../src/relpipe-router/arguments.ts';
import { connectRouter } from '../../src/relpipe-router/connect-router.ts';
import { RouterClient } from '../../src/relpipe-router/router-client.ts';
import { buildSettings } from '../../src/relpipe-router/settings.ts';
import { answerTo } from '../support/http-clients.ts';
import { deadUrl, startServer } from '../support/http-servers.ts';
import { startTestRouter, temporaryFolder } from '../support/test-router.ts';

const patiently = { timeout: 10_000 };

const startPair = async (raw: Record<string, unknown> = {}) => {
  const { url } = await startServer((incoming, outgoing) => outgoing.writeHead(incoming.url === '/bad' ? 500 : 200).end('ok'));
  return startTestRouter({ stable: url, candidate: url }, raw);
};

test('the token of the token file is accepted; another token, and no token, are refused', async () => {
  const { router, client } = await startPair();
  expect(await client.readWeights()).toMatchObject({ weights: { stable: 100, candidate: 0 }, generation: 1 });
  const stranger = new RouterClient(router.running.control, 'a-token-that-is-wrong');
  await expect(stranger.setWeights({ stable: 50, candidate: 50 })).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_REFUSED' });
  for (const headers of [{}, { authorization: 'Bearer ' }, { authorization: 'Basic x' }]) {
    expect((await fetch(`${router.running.control}/v1/status`, { headers })).status).toBe(401);
  }
  expect(await client.readWeights()).toMatchObject({ generation: 1 });
});

test('a token file that other users can read is refused', async () => {
  const { router } = await startPair();
  const tokenFile = router.running.tokenFile ?? '';
  await chmod(tokenFile, 0o644);
  await expect(connectRouter({ controlUrl: router.running.control, tokenFile })).rejects.toMatchObject({
    code: 'TRAFFIC_ROUTER_TOKEN_UNSAFE',
    hint: containing('chmod 600'),
  });
});

test('a request that names the control endpoint by a host name is refused', async () => {
  const { router } = await startPair();
  const answer = await answerTo(get(`${router.running.control}/metrics`, { headers: { host: 'rebound.example' } }));
  answer.resume();
  expect(answer.statusCode).toBe(403);
});

test('weights are set only on the generation they were decided for', async () => {
  const { client, router } = await startPair();
  expect(await client.setWeights({ stable: 90, candidate: 10 }, { expectedGeneration: 1 })).toMatchObject({ generation: 2 });
  await expect(client.setWeights({ stable: 50, candidate: 50 }, { expectedGeneration: 1 })).rejects.toMatchObject({
    code: 'TRAFFIC_ROUTER_GENERATION_CONFLICT',
  });
  expect(await client.readWeights()).toMatchObject({ weights: { stable: 90, candidate: 10 }, generation: 2 });
  const authorization = `Bearer ${(await readFile(router.running.tokenFile ?? '', 'utf8')).trim()}`;
  const unclear = await fetch(`${router.running.control}/v1/weights`, {
    method: 'PUT',
    headers: { authorization, 'if-match': 'latest' },
    body: '{"weights":{"stable":50,"candidate":50}}',
  });
  expect(unclear.status).toBe(400);
});

test('of two concurrent changes of the same generation one is made and one is refused', async () => {
  const { client } = await startPair();
  const outcomes = await Promise.allSettled(
    [10, 20].map((candidate) => client.setWeights({ stable: 100 - candidate, candidate }, { expectedGeneration: 1 })),
  );
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await client.readWeights()).generation).toBe(2);
});

test('setting the same weights again changes nothing', async () => {
  const { client } = await startPair();
  const before = await client.readWeights();
  expect(await client.setWeights({ candidate: 0, stable: 100 })).toEqual(before);
});

test('all-zero weights are refused and leave everything as it was', async () => {
  const { client } = await startPair();
  await expect(client.setWeights({ stable: 0, candidate: 0 })).rejects.toMatchObject({
    code: 'TRAFFIC_ROUTER_WEIGHTS_INVALID',
    message: containing('every weight is 0'),
  });
  expect(await client.readWeights()).toMatchObject({ weights: { stable: 100, candidate: 0 }, generation: 1 });
});

test('a side that still gets traffic cannot be drained', async () => {
  const { client } = await startPair();
  await expect(client.drain('stable', 10)).rejects.toThrow('100 %');
  await expect(client.drain('other', 10)).rejects.toMatchObject({ message: 'There is no side "other".' });
});

test('the metrics show what the clients got', async () => {
  const { client, url } = await startPair({ weights: { stable: 75, candidate: 25 } });
  for (const path of ['/a', '/b', '/bad', '/c']) await (await fetch(url + path)).text();
  await expect.poll(async () => (await client.readStatus()).sides['candidate']?.health, patiently).toBe('healthy');
  const metrics = await client.readMetrics();
  const value = (series: string) => metrics.split('\n').find((line) => line.startsWith(`relpipe_router_${series} `))?.split(' ').at(-1);
  const codes = ['stable', 'candidate'].map((side) => [200, 500].map((code) => Number(value(`requests_total{side="${side}",code="${code}"}`) ?? 0)));
  expect(codes.flat().reduce((sum, count) => sum + count)).toBe(4);
  expect((codes[0]?.[1] ?? 0) + (codes[1]?.[1] ?? 0)).toBe(1);
  expect((codes[1]?.[0] ?? 0) + (codes[1]?.[1] ?? 0)).toBe(1);
  expect(value('request_duration_seconds_count{side="stable"}')).toBe('3');
  expect(value('request_duration_seconds_bucket{side="stable",le="+Inf"}')).toBe('3');
  expect(value('weight{side="candidate"}')).toBe('25');
  expect(value('healthy{side="candidate"}')).toBe('1');
  expect(value('in_flight{side="stable"}')).toBe('0');
  const line = /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? (-?[\d.e+-]+|NaN))$/;
  for (const one of metrics.trimEnd().split('\n')) expect(one).toMatch(line);
});

test('the health of a side follows its health path after the configured number of checks', async () => {
  let status = 200;
  const { url } = await startServer((_incoming, outgoing) => outgoing.writeHead(status).end());
  const { client } = await startTestRouter({ stable: url }, { 'health-path': '/ready', 'health-every': '5ms', 'health-rise': 1, 'health-fall': 2 });
  const health = async () => (await client.readStatus()).sides['stable'];
  await expect.poll(health, patiently).toMatchObject({ health: 'healthy' });
  status = 503;
  await expect.poll(health, patiently).toMatchObject({ health: 'unhealthy', healthBecause: 'GET /ready answered 503' });
  status = 200;
  await expect.poll(health, patiently).toMatchObject({ health: 'healthy' });
});

test('every finding about the settings is reported at once', () => {
  const raw = {
    sides: { stable: 'https://a/b', Bad: 'http://127.0.0.1:1' },
    control: '0.0.0.0:0',
    listen: 'nowhere',
    'health-every': '5',
    'health-rise': 0,
    nonsense: 1,
  };
  const findings = [
    '"nonsense" is not a setting', 'side "stable" must be http://HOST:PORT without path or credentials; found "https://a/b"', '"Bad" must consist',
    'no state file', '"listen" must be an IP address and a port, e.g. 127.0.0.1:8080; found nowhere',
    '"health-every" must be a duration with its unit, e.g. 250ms, 2s or 1m; found 5', '"health-rise" must be an integer above 0', 'must be on a loopback address',
  ];
  for (const finding of findings) expect(() => buildSettings(raw)).toThrow(finding);
});

test('flags take precedence over the configuration file', async () => {
  const file = join(await temporaryFolder(), 'router.json');
  await writeFile(file, JSON.stringify({ sides: { stable: await deadUrl() }, state: 'from-file', 'health-every': '9s' }));
  const command = await parseArguments(['--config', file, '--state', 'from-flag']);
  expect(command).toMatchObject({ kind: 'start', settings: { stateFile: resolve('from-flag'), health: { everyMs: 9000 } } });
});
