import { expect, test } from 'vitest';
import { createTesterCheck } from '../../src/router/testers/tester-check.ts';
import { startServer } from './support/start-server.ts';
import { startTestRouter } from './support/start-test-router.ts';

const head = (...lines: readonly string[]) => ['GET / HTTP/1.1', 'Host: a', ...lines, ''].join('\r\n');

test.each([
  ['a field with its value', { by: 'header', name: 'x-tester', value: 'yes' }, head('X-Tester: yes'), true],
  ['a field in other letters', { by: 'header', name: 'X-Tester', value: 'yes' }, head('x-TESTER:yes  '), true],
  ['another value', { by: 'header', name: 'x-tester', value: 'yes' }, head('X-Tester: yes, no'), false],
  ['a value in other letters', { by: 'header', name: 'x-tester', value: 'yes' }, head('X-Tester: YES'), false],
  ['any value', { by: 'header', name: 'x-tester' }, head('X-Tester: 7'), true],
  ['no such field', { by: 'header', name: 'x-tester' }, head('Accept: x-tester: 1', 'X-Testers: 1'), false],
  ['signs that mean something in patterns', { by: 'header', name: 'x.t', value: 'a+(b' }, head('x.t: a+(b'), true],
  ['the field in a request target', { by: 'header', name: 'x-tester' }, 'GET /?x-tester: HTTP/1.1\r\nHost: a\r\n', false],
  ['a cookie among others', { by: 'cookie', name: 'tester', value: 'yes' }, head('Cookie: a=b; tester=yes; c=d'), true],
  ['the first cookie', { by: 'cookie', name: 'tester', value: 'yes' }, head('cookie: tester=yes'), true],
  ['a cookie with a longer name', { by: 'cookie', name: 'tester', value: 'yes' }, head('Cookie: my-tester=yes'), false],
  ['a cookie with a longer value', { by: 'cookie', name: 'tester', value: 'yes' }, head('Cookie: tester=yesterday'), false],
  ['a cookie whatever its value', { by: 'cookie', name: 'tester' }, head('Cookie: tester='), true],
] as const)('%s', (_, testers, request, isOne) => {
  expect(createTesterCheck({ side: 'candidate', ...testers })(request)).toBe(isOne);
});

async function between() {
  const saying = async (name: string) => (await startServer((_request, response) => response.end(name))).url;
  const { url, client } = await startTestRouter({ stable: await saying('stable'), candidate: await saying('candidate') });
  const ask = async (cookie = '') => (await fetch(url, { headers: { cookie } })).text();
  return { client, ask };
}

test('testers get their side whatever the weights say, and are not counted among those whom the weights give', async () => {
  const { client, ask } = await between();
  await client.setTesters({ side: 'candidate', by: 'cookie', name: 'tester', value: 'yes' });

  expect([await ask('tester=yes'), await ask('tester=no'), await ask()]).toEqual(['candidate', 'stable', 'stable']);

  const { sides, generation, testers } = await client.readStatus();
  expect(testers).toEqual({ side: 'candidate', by: 'cookie', name: 'tester', value: 'yes' });
  expect(generation).toBe(1);
  expect(sides).toMatchObject({ stable: { sinceWeightChange: { assigned: 2 } }, candidate: { sinceWeightChange: { assigned: 0, requests: 1 } } });
});

test('testers stay testers over a change of the weights, and go where everybody goes when there are none', async () => {
  const { client, ask } = await between();
  await client.setTesters({ side: 'stable', by: 'cookie', name: 'tester' });
  await client.setWeights({ stable: 0, candidate: 100 });
  expect([await ask('tester=1'), await ask()]).toEqual(['stable', 'candidate']);

  await client.setTesters(undefined);
  expect(await ask('tester=1')).toBe('candidate');
});

test.each([
  [{ side: 'nobody', by: 'header', name: 'x-tester' }, 'there is no side "nobody"'],
  [{ side: 'candidate', by: 'header', name: 'x tester' }, '"x tester" is no name of a header'],
  [{ side: 'candidate', by: 'cookie', name: 'tester', value: 'a;b' }, '"a;b" is no value of a cookie'],
] as const)('testers that nobody can be are refused: %j', async (testers, finding) => {
  const { client } = await between();
  await expect(client.setTesters(testers)).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_TESTERS_INVALID', message: `The testers cannot be told: ${finding}.` });
});
