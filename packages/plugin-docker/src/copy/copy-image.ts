import { StepError } from 'relpipe/plugin';
import { hasBlob, mountBlob, uploadBlob } from '../registry/blobs.ts';
import { blobsOf, childrenOf, readBody, type Descriptor } from '../registry/manifest-body.ts';
import type { Manifest } from '../registry/manifest.ts';
import type { Copy } from './copy.ts';
import { copyReferrers } from './copy-referrers.ts';
import type { ImageOrigin } from './image-origin.ts';

/**
 * Brings an image, or all images of an index, with what refers to them into another repository, as the same bytes. No tag is moved: whoever
 * sees the new tag later sees all of it.
 * @throws {StepError}
 */
export async function copyImage(manifest: Manifest, copy: Copy): Promise<void> {
  const body = readBody(manifest);
  for (const child of childrenOf(body)) await copyImage(await required(copy.from, child), copy);
  for (const blob of blobsOf(body)) await copyBlob(blob, copy);
  const isListed = await copy.to.write(manifest.digest, manifest);
  await copyReferrers(manifest, body, isListed, copy, copyImage);
}

async function copyBlob(blob: Descriptor, copy: Copy): Promise<void> {
  const { from, to, context } = copy;
  if (await hasBlob(to, blob.digest)) return;
  const mountable = from.mountedFrom(to);
  if (mountable !== undefined && (await mountBlob(to, blob.digest, mountable))) return;
  await uploadBlob(to, blob, () => from.openBlob(blob.digest), context);
  copy.uploaded += blob.size;
}

async function required(origin: ImageOrigin, { digest }: Descriptor): Promise<Manifest> {
  const manifest = await origin.read(digest);
  if (manifest) return manifest;
  throw new StepError('DOCKER_IMAGE_INCOMPLETE', `${origin.name} has an index that lists ${digest}, and not that image.`, {
    hint: 'Push the image again, with all its platforms.',
  });
}
