import type { ReadContext } from 'relpipe/plugin';
import { readBody } from 'relpipe/plugin/toolkit';
import type { Descriptor } from '../image/manifest.ts';
import type { ImageSource } from '../image/read-image.ts';
import type { Repository } from './repository.ts';

/** Whether the blob is in the repository. @throws {StepError} */
export async function hasBlob(repository: Repository, digest: string): Promise<boolean> {
  const answer = await repository.ask('HEAD', `blobs/${digest}`, {});
  if (answer.status !== 200 && answer.status !== 404) throw repository.refused('look up', digest, answer);
  return answer.status === 200;
}

/** Manifests and small blobs, e.g. the config of an image. */
export const imageSource = (repository: Repository): ImageSource => ({
  read: (digest) => repository.read(digest),
  async readBlob(digest) {
    const answer = await repository.ask('GET', `blobs/${digest}`, {});
    if (answer.status !== 200 && answer.status !== 404) throw repository.refused('read', digest, answer);
    return answer.status === 200 ? answer.bytes : undefined;
  },
});

/** The bytes of a blob as they arrive. @throws {StepError} */
export async function openBlob(repository: Repository, digest: string): Promise<ReadableStream> {
  const response = await repository.open('GET', `blobs/${digest}`, {});
  if (response.status === 200 && response.body !== null) return response.body;
  throw repository.refused('read', digest, { status: response.status, bytes: await readBody(response) });
}

/**
 * Adds a blob of another repository of the same registry to this one.
 * @returns false when the registry does not support that
 * @throws {StepError}
 */
export async function mountBlob(repository: Repository, digest: string, from: string): Promise<boolean> {
  const answer = await repository.ask('POST', `blobs/uploads/?mount=${digest}&from=${encodeURIComponent(from)}`, {});
  if (answer.status === 201) return true;
  // 202 starts an upload instead, which is left to expire: the bytes have to be opened first.
  if (answer.status === 202 || answer.status === 404 || answer.status === 405) return false;
  throw repository.refused('mount', digest, answer);
}

/**
 * Uploads a blob in one stream, as docker does; the registry checks the bytes against their digest before it keeps them.
 * @throws {StepError}
 */
export async function uploadBlob(
  repository: Repository,
  { digest, size }: Descriptor,
  open: () => Promise<ReadableStream>,
  context: ReadContext,
): Promise<void> {
  const started = await repository.ask('POST', 'blobs/uploads/', {});
  if (started.status !== 202) throw repository.refused('accept', digest, started);
  context.log(`uploading ${digest} (${size} bytes)`);
  const headers = { 'content-type': 'application/octet-stream' };
  const sent = await repository.ask('PATCH', uploadUrl(started.headers, repository), { body: open, headers });
  if (sent.status !== 202 && sent.status !== 204) throw repository.refused('accept', digest, sent);
  const url = new URL(uploadUrl(sent.headers, repository));
  url.searchParams.set('digest', digest);
  const stored = await repository.ask('PUT', url.href, {});
  if (stored.status !== 201) throw repository.refused('store', digest, stored);
}

/** The address at which an upload continues; some registries return it without their host. */
const uploadUrl = (headers: Headers, { base }: Repository): string => new URL(headers.get('location') ?? '', base).href;
