import { expect, test } from 'vitest';
import { createPreviewCheck } from '../../src/relpipe-router/preview-match.ts';
import { startServer } from '../support/http-servers.ts';
import { startTestRouter } from '../support/test-router.ts';

const head = (...lines: readonly string[]) => ['GET / HTTP/1.1', 'Host: a', ...lines, ''].join('\r\n');

test.each([
  ['a field with its value', { by: 'header', name: 'x-tester', value: 'yes' }, head('X-Tester: yes')],
  ['a field in other case', { by: 'header', name: 'X-Tester', value: 'yes' }, head('x-TESTER:yes  ')],
  ['any value of a field', { by: 'header', name: 'x-tester' }, head('X-Tester: 7')],
  ['characters with a meaning in patterns', { by: 'header', name: 'x.t', value: 'a+(b' }, head('x.t: a+(b')],
  ['a cookie among others', { by: 'cookie', name: 'tester', value: 'yes' }, head('Cookie: a=b; tester=yes; c=d')],
  ['the first cookie', { by: 'cookie', name: 'tester', value: 'yes' }, head('cookie: tester=yes')],
  ['any value of a cookie', { by: 'cookie', name: 'tester' }, head('Cookie: tester=')],
] as const)('a preview matches a request with %s', (_, match, request) => {
  expect(createPreviewCheck({ side: 'candidate', ...match })(request)).toBe(true);
});

test.each([
  ['another value of the field', { by: 'header', name: 'x-tester', value: 'yes' }, head('X-Tester: yes, no')],
  ['the value in other case', { by: 'header', name: 'x-tester', value: 'yes' }, head('X-Tester: YES')],
  ['the name in other fields only', { by: 'header', name: 'x-tester' }, head('Accept: x-tester: 1', 'X-Testers: 1')],
  ['the field in the request target', { by: 'header', name: 'x-tester' }, 'GET /?x-tester: HTTP/1.1\r\nHost: a\r\n'],
  ['a cookie of a longer name', { by: 'cookie', name: 'tester', value: 'yes' }, head('Cookie: my-tester=yes')],
  ['a cookie of a longer value', { by: 'cookie', name: 'tester', value: 'yes' }, head('Cookie: tester=yesterday')],
] as const)('a preview does not match a request with %s', (_, match, request) => {
  expect(createPreviewCheck({ side: 'candidate', ...match })(request)).toBe(false);
});

async function routerBetweenTwo() {
  const answering = async (name: string) => (await startServer((_request, response) => response.end(name))).url;
  const { url, client } = await startTestRouter({ stable: await answering('stable'), candidate: await answering('candidate') });
  const ask = async (cookie = '') => (await fetch(url, { headers: { cookie } })).text();
  return { client, ask };
}

test('matching requests get their side whatever the weights are, and do not count as assigned by the weights', async () => {
  const { client, ask } = await routerBetweenTwo();
  await client.setPreview({ side: 'candidate', by: 'cookie', name: 'tester', value: 'yes' });

  expect([await ask('tester=yes'), await ask('tester=no'), await ask()]).toEqual(['candidate', 'stable', 'stable']);

  const { sides, generation, preview } = await client.readStatus();
  expect(preview).toEqual({ side: 'candidate', by: 'cookie', name: 'tester', value: 'yes' });
  expect(generation).toBe(1);
  expect(sides).toMatchObject({ stable: { sinceWeightChange: { assigned: 2 } }, candidate: { sinceWeightChange: { assigned: 0, requests: 1 } } });
});

test('a preview survives a change of the weights, and without one all requests are divided by the weights', async () => {
  const { client, ask } = await routerBetweenTwo();
  await client.setPreview({ side: 'stable', by: 'cookie', name: 'tester' });
  await client.setWeights({ stable: 0, candidate: 100 });
  expect([await ask('tester=1'), await ask()]).toEqual(['stable', 'candidate']);

  await client.setPreview(undefined);
  expect(await ask('tester=1')).toBe('candidate');
});

test.each([
  [{ side: 'nobody', by: 'header', name: 'x-tester' }, 'there is no side "nobody"'],
  [{ side: 'candidate', by: 'header', name: 'x tester' }, '"x tester" is not a valid name of a header'],
  [{ side: 'candidate', by: 'cookie', name: 'tester', value: 'a;b' }, '"a;b" is not a valid value of a cookie'],
] as const)('a preview that no request can match is refused: %j', async (match, finding) => {
  const { client } = await routerBetweenTwo();
  await expect(client.setPreview(match)).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_PREVIEW_INVALID', message: `The preview is invalid: ${finding}.` });
});
