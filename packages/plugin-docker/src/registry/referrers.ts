import { parseJson } from 'relpipe/plugin';
import { digestOf, type Manifest } from './manifest.ts';
import { readBody, type Descriptor } from './manifest-body.ts';
import type { Repository } from './repository.ts';

const indexType = 'application/vnd.oci.image.index.v1+json';

/** Where a registry without the referrers API keeps the list of what refers to an image (OCI, "Referrers Tag Schema"). */
export const referrersTag = (digest: string): string => digest.replace(':', '-').slice(0, 128);

/** Signatures, attestations and the like that refer to an image; through its tag where the registry has no API for it. @throws {StepError} */
export async function listReferrers(repository: Repository, digest: string): Promise<readonly Descriptor[]> {
  const listed: Descriptor[] = [];
  for (let page: string | undefined = `referrers/${digest}`; page !== undefined; ) {
    const answer = await repository.ask('GET', page, {});
    if (answer.status === 404) return listInTag(repository, digest);
    if (answer.status !== 200) throw repository.refused('list what refers to', digest, answer);
    // A registry that does not know the route may answer it with a page of its own.
    if (parseJson(answer.bytes) === undefined) return listInTag(repository, digest);
    listed.push(...(readBody({ bytes: answer.bytes, mediaType: indexType, digest }).manifests ?? []));
    page = /<([^>]+)>\s*;\s*rel="?next/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  return listed;
}

/** Enters what refers to an image into its tag, beside what is there. @throws {StepError} */
export async function enterInTag(repository: Repository, digest: string, referrer: Descriptor): Promise<void> {
  const present = await listInTag(repository, digest);
  if (present.some((one) => one.digest === referrer.digest)) return;
  const index = { schemaVersion: 2, mediaType: indexType, manifests: [...present, referrer] };
  const bytes = new TextEncoder().encode(JSON.stringify(index));
  const manifest: Manifest = { bytes, mediaType: indexType, digest: digestOf(bytes) };
  await repository.write(referrersTag(digest), manifest);
}

async function listInTag(repository: Repository, digest: string): Promise<readonly Descriptor[]> {
  const manifest = await repository.read(referrersTag(digest));
  return manifest ? (readBody(manifest).manifests ?? []) : [];
}
