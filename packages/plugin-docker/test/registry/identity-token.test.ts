import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { serve } from '@relpipe/testing/http-server';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, onTestFinished, test, vi } from 'vitest';
import { parseReference } from '../../src/image/reference.ts';
import { openRepository } from '../../src/registry/open-repository.ts';
import { ociManifest } from '../support/start-registry.ts';

test('an identity token of the docker CLI is exchanged for an access token, and never sent as a password', async () => {
  using scratch = scratchFolder();
  onTestFinished(() => void vi.unstubAllEnvs());
  let asked = '';
  await using server = await serve(async (request, response) => {
    if (request.url === '/token') {
      asked = `${request.method ?? ''} ${request.headers.authorization ?? 'anonymous'} ${await text(request)}`;
      return response.end('{"access_token":"abc"}');
    }
    if (request.headers.authorization === 'Bearer abc') return response.setHeader('content-type', ociManifest).end('{}');
    const challenge = `Bearer realm="http://${request.headers.host ?? ''}/token",service="a service",scope="repository:acme/engine:pull"`;
    return response.writeHead(401, { 'www-authenticate': challenge }).end();
  });
  const { host } = new URL(server.url);
  mkdirSync(join(scratch.path, 'docker'));
  writeFileSync(join(scratch.path, 'docker/config.json'), JSON.stringify({ auths: { [host]: { identitytoken: 'refresh me' } } }));
  vi.stubEnv('DOCKER_CONFIG', join(scratch.path, 'docker'));

  const manifest = await openRepository(parseReference(`${host}/acme/engine:1`), {}, virtualContext()).read('1');
  expect(manifest?.mediaType).toBe(ociManifest);
  expect(asked).toBe('POST anonymous service=a+service&scope=repository%3Aacme%2Fengine%3Apull&grant_type=refresh_token&client_id=relpipe&refresh_token=refresh+me');
});
