import { parseJson } from 'relpipe/plugin/toolkit';
import { digestOf, parseManifest, type Descriptor, type Manifest } from '../image/manifest.ts';
import { nextPage, type Repository } from './repository.ts';

const indexType = 'application/vnd.oci.image.index.v1+json';

/** The tag under which a registry without the referrers API lists what refers to an image (OCI, "Referrers Tag Schema"). */
export const referrersTag = (digest: string): string => digest.replace(':', '-').slice(0, 128);

/**
 * Signatures, attestations and the like that refer to an image; read from its tag when the registry has no API for them.
 * @throws {StepError}
 */
export async function listReferrers(repository: Repository, digest: string): Promise<readonly Descriptor[]> {
  const listed: Descriptor[] = [];
  for (let page: string | undefined = `referrers/${digest}`; page !== undefined; ) {
    const answer = await repository.ask('GET', page, {});
    if (answer.status === 404) return listInTag(repository, digest);
    if (answer.status !== 200) throw repository.refused('list the referrers of', digest, answer);
    // A registry that does not know the route may answer it with a web page.
    if (parseJson(answer.bytes) === undefined) return listInTag(repository, digest);
    listed.push(...(parseManifest({ bytes: answer.bytes, mediaType: indexType, digest }).manifests ?? []));
    page = nextPage(answer);
  }
  return listed;
}

/** Adds a manifest that refers to an image to the image's referrers tag. @throws {StepError} */
export async function addToReferrersTag(repository: Repository, digest: string, referrer: Descriptor): Promise<void> {
  const present = await listInTag(repository, digest);
  if (present.some((one) => one.digest === referrer.digest)) return;
  const index = { schemaVersion: 2, mediaType: indexType, manifests: [...present, referrer] };
  const bytes = new TextEncoder().encode(JSON.stringify(index));
  const manifest: Manifest = { bytes, mediaType: indexType, digest: digestOf(bytes) };
  await repository.write(referrersTag(digest), manifest);
}

async function listInTag(repository: Repository, digest: string): Promise<readonly Descriptor[]> {
  const manifest = await repository.read(referrersTag(digest));
  return manifest ? (parseManifest(manifest).manifests ?? []) : [];
}
