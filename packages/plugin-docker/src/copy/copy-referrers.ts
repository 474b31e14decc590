import type { Manifest } from '../registry/manifest.ts';
import type { Descriptor, ManifestBody } from '../registry/manifest-body.ts';
import { enterInTag, referrersTag } from '../registry/referrers.ts';
import type { Copy } from './copy.ts';

type CopyOne = (manifest: Manifest, copy: Copy) => Promise<void>;

/**
 * Brings what refers to an image along: what is listed for it, and the tags that cosign gives it. `isListed`: the registry has entered
 * this manifest into the list of its subject by itself.
 */
export async function copyReferrers(manifest: Manifest, body: ManifestBody, isListed: boolean, copy: Copy, copyOne: CopyOne): Promise<void> {
  if (body.subject !== undefined && !isListed) await enterInTag(copy.to, body.subject.digest, describe(manifest, body));
  for (const { digest } of await copy.from.referrersOf(manifest.digest)) {
    const referrer = await copy.from.read(digest);
    if (!referrer) continue; // Deleted, and still listed.
    await copyOne(referrer, copy);
    copy.referrers += 1;
  }
  for (const kind of cosignKinds) await copyTag(`${referrersTag(manifest.digest)}.${kind}`, copy, copyOne);
}

/** Signature, attestation, bill of materials, as cosign tags them where it does not use referrers: https://docs.sigstore.dev/cosign/. */
const cosignKinds = ['sig', 'att', 'sbom'] as const;

async function copyTag(tag: string, copy: Copy, copyOne: CopyOne): Promise<void> {
  const { from, to, context } = copy;
  const found = await from.read(tag);
  if (!found) return;
  const present = await to.read(tag);
  if (present && present.digest !== found.digest) {
    context.log(`${to.name}:${tag} is there with other content and was left alone`);
    return;
  }
  await copyOne(found, copy);
  await to.write(tag, found);
  copy.referrers += 1;
}

function describe({ mediaType, digest, bytes }: Manifest, body: ManifestBody): Descriptor {
  const { artifactType = body.config?.mediaType, annotations } = body;
  return { mediaType, digest, size: bytes.length, ...(artifactType !== undefined && { artifactType }), ...(annotations && { annotations }) };
}
