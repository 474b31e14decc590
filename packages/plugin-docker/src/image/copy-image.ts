import { StepError, type ReadContext } from 'relpipe/plugin';
import { hasBlob, mountBlob, uploadBlob } from '../registry/blobs.ts';
import { addToReferrersTag, referrersTag } from '../registry/referrers.ts';
import type { Repository } from '../registry/repository.ts';
import type { ImageOrigin } from './image-origin.ts';
import { blobsOf, parseManifest, type Descriptor, type Manifest, type ManifestBody } from './manifest.ts';

/** A copy into a repository, and what it has transferred so far. */
export interface Copy {
  readonly from: ImageOrigin;
  readonly to: Repository;
  readonly context: ReadContext;
  /** Bytes of layers and configs that had to be uploaded; blobs that were mounted or existed already do not count. */
  uploaded: number;
  /** Signatures, attestations and the like that were copied along. */
  referrers: number;
}

export function newCopy(from: ImageOrigin, to: Repository, context: ReadContext): Copy {
  return { from, to, context, uploaded: 0, referrers: 0 };
}

/**
 * Copies an image, or all images of an index, and everything that refers to them, as the same bytes. Moves no tag, so that everyone who
 * sees the new tag later sees the whole image.
 * @throws {StepError}
 */
export async function copyImage(manifest: Manifest, copy: Copy): Promise<void> {
  const body = parseManifest(manifest);
  for (const child of body.manifests ?? []) await copyImage(await readChild(child, copy.from), copy);
  for (const blob of blobsOf(body)) await copyBlob(blob, copy);
  const isListed = await copy.to.write(manifest.digest, manifest);
  // A registry without the referrers API did not list this manifest with its subject.
  if (body.subject !== undefined && !isListed) await addToReferrersTag(copy.to, body.subject.digest, describe(manifest, body));
  await copyReferrers(manifest, copy);
}

async function readChild({ digest }: Descriptor, origin: ImageOrigin): Promise<Manifest> {
  const manifest = await origin.read(digest);
  if (manifest) return manifest;
  throw new StepError('DOCKER_IMAGE_INCOMPLETE', `An index in ${origin.name} lists ${digest}, but that image is missing.`, {
    hint: 'Push the image again, with all its platforms.',
  });
}

async function copyBlob(blob: Descriptor, copy: Copy): Promise<void> {
  const { from, to, context } = copy;
  if (await hasBlob(to, blob.digest)) return;
  const mountable = from.mountedFrom(to);
  if (mountable !== undefined && (await mountBlob(to, blob.digest, mountable))) return;
  await uploadBlob(to, blob, () => from.openBlob(blob.digest), context);
  copy.uploaded += blob.size;
}

/** Copies the manifests that are listed for an image, and the tags that cosign adds to it. */
async function copyReferrers({ digest }: Manifest, copy: Copy): Promise<void> {
  for (const listed of await copy.from.referrersOf(digest)) {
    const referrer = await copy.from.read(listed.digest);
    if (!referrer) continue; // Deleted, and still listed.
    await copyImage(referrer, copy);
    copy.referrers += 1;
  }
  for (const kind of cosignKinds) await copyTag(`${referrersTag(digest)}.${kind}`, copy);
}

/** Signature, attestation and bill of materials, as cosign tags them where it does not use referrers: https://docs.sigstore.dev/cosign/. */
const cosignKinds = ['sig', 'att', 'sbom'] as const;

async function copyTag(tag: string, copy: Copy): Promise<void> {
  const { from, to, context } = copy;
  const found = await from.read(tag);
  if (!found) return;
  const present = await to.read(tag);
  if (present && present.digest !== found.digest) {
    context.log(`${to.name}:${tag} exists with other content and was left alone`);
    return;
  }
  await copyImage(found, copy);
  await to.write(tag, found);
  copy.referrers += 1;
}

function describe({ mediaType, digest, bytes }: Manifest, body: ManifestBody): Descriptor {
  const { artifactType = body.config?.mediaType, annotations } = body;
  const kind = artifactType === undefined ? {} : { artifactType };
  return { mediaType, digest, size: bytes.length, ...kind, ...(annotations && { annotations }) };
}
