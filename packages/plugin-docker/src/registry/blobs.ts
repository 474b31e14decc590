import { readBody, type ReadContext } from 'relpipe/plugin';
import type { Descriptor } from './manifest-body.ts';
import type { Repository } from './repository.ts';

/** Whether the blob is in the repository. @throws {StepError} */
export async function hasBlob(repository: Repository, digest: string): Promise<boolean> {
  const answer = await repository.ask('HEAD', `blobs/${digest}`, {});
  if (answer.status !== 200 && answer.status !== 404) throw repository.refused('look for', digest, answer);
  return answer.status === 200;
}

/** A small blob, e.g. an image's config; undefined when it is not there. @throws {StepError} */
export async function readBlob(repository: Repository, digest: string): Promise<Uint8Array | undefined> {
  const answer = await repository.ask('GET', `blobs/${digest}`, {});
  if (answer.status !== 200 && answer.status !== 404) throw repository.refused('read', digest, answer);
  return answer.status === 200 ? answer.bytes : undefined;
}

/** A blob's bytes as they come. @throws {StepError} */
export async function openBlob(repository: Repository, digest: string): Promise<ReadableStream> {
  const response = await repository.open('GET', `blobs/${digest}`, {});
  if (response.status === 200 && response.body !== null) return response.body;
  throw repository.refused('read', digest, { status: response.status, bytes: await readBody(response) });
}

/** Makes a blob of another repository of the same registry a part of this one, too. False where the registry does not do that. @throws {StepError} */
export async function mountBlob(repository: Repository, digest: string, from: string): Promise<boolean> {
  const answer = await repository.ask('POST', `blobs/uploads/?mount=${digest}&from=${encodeURIComponent(from)}`, {});
  if (answer.status === 201) return true;
  // 202 begins an upload instead, which is left to expire: the bytes have to be opened first.
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
  const begun = await repository.ask('POST', 'blobs/uploads/', {});
  if (begun.status !== 202) throw repository.refused('take', digest, begun);
  context.log(`uploads ${digest} (${size} bytes)`);
  const headers = { 'content-type': 'application/octet-stream' };
  const sent = await repository.ask('PATCH', placeOf(begun.headers, repository), { body: open, headers });
  if (sent.status !== 202 && sent.status !== 204) throw repository.refused('take', digest, sent);
  const place = new URL(placeOf(sent.headers, repository));
  place.searchParams.set('digest', digest);
  const kept = await repository.ask('PUT', place.href, {});
  if (kept.status !== 201) throw repository.refused('keep', digest, kept);
}

/** Where to go on with an upload; some registries give it without their host. */
const placeOf = (headers: Headers, { base }: Repository): string => new URL(headers.get('location') ?? '', base).href;
