import { StepError, type ReadContext } from 'relpipe/plugin';
import { hasBlob, mountBlob, openBlob, uploadBlob } from '../registry/blobs.ts';
import { blobsOf, childrenOf, readBody, type Descriptor } from '../registry/manifest-body.ts';
import type { Manifest } from '../registry/manifest.ts';
import type { Repository } from '../registry/repository.ts';
import { copyReferrers } from './copy-referrers.ts';

/** A way from one repository into another, and what went over it. */
export interface Copy {
  readonly from: Repository;
  readonly to: Repository;
  readonly context: ReadContext;
  /** Bytes of layers and configs that had to be uploaded; what was mounted or there already does not count. */
  uploaded: number;
  /** Signatures, attestations and the like that came along. */
  referrers: number;
}

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
  if (from.base.origin === to.base.origin && (await mountBlob(to, blob.digest, from.name))) return;
  await uploadBlob(to, blob, () => openBlob(from, blob.digest), context);
  copy.uploaded += blob.size;
}

async function required(repository: Repository, { digest }: Descriptor): Promise<Manifest> {
  const manifest = await repository.read(digest);
  if (manifest) return manifest;
  throw new StepError('DOCKER_IMAGE_INCOMPLETE', `${repository.name} has an index that lists ${digest}, and not that image.`, {
    hint: 'Push the image again, with all its platforms.',
  });
}
