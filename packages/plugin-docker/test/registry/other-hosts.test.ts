import { createHash } from 'node:crypto';
import { serve, type Served } from '@relpipe/testing/http-server';
import { secretOf, virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import { parseReference } from '../../src/image/reference.ts';
import { uploadBlob } from '../../src/registry/blobs.ts';
import { openRepository } from '../../src/registry/open-repository.ts';

interface OtherHost extends Served {
  /** The requests it got, with their authorization. */
  readonly asked: string[];
}

/** It asks for a login, at its own token service. */
async function otherHost(): Promise<OtherHost> {
  const asked: string[] = [];
  const served = await serve((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? 'anonymous'}`);
    request.resume();
    response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${request.headers.host ?? ''}/token"` }).end();
  });
  return Object.assign(served, { asked });
}

const repositoryAt = ({ url }: Served) => {
  const { host } = new URL(url);
  const logins = { [host]: { username: 'robot', password: secretOf('s3cret') } };
  return openRepository(parseReference(`${host}/acme/engine:1`), { logins }, virtualContext());
};

test('no credentials are sent to another host to which an upload leads', async () => {
  await using other = await otherHost();
  await using registry = await serve((_request, response) => response.writeHead(202, { location: `${other.url}/upload` }).end());
  const bytes = Buffer.from('a layer');
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const open = async () => new Response(bytes).body ?? new ReadableStream();

  const upload = uploadBlob(repositoryAt(registry), { mediaType: 'any', digest, size: bytes.length }, open, virtualContext());

  await expect(upload).rejects.toMatchObject({ code: 'DOCKER_REGISTRY_REFUSED' });
  expect(other.asked).toEqual(['PATCH /upload anonymous']);
});

test('no credentials are sent to another host to which a registry redirects', async () => {
  await using other = await otherHost();
  await using registry = await serve((_request, response) => response.writeHead(307, { location: `${other.url}/manifest` }).end());

  await expect(repositoryAt(registry).read('1')).rejects.toMatchObject({ code: 'DOCKER_REGISTRY_REFUSED' });
  expect(other.asked).toEqual(['GET /manifest anonymous']);
});
