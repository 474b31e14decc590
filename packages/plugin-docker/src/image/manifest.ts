import { createHash } from 'node:crypto';
import { StepError, Type, type Static } from 'relpipe/plugin';
import { parseJson } from 'relpipe/plugin/toolkit';
import { Value } from 'typebox/value';
import { digestPattern, stringMap } from '../schemas.ts';

/** A manifest as the registry stores it. The bytes are the image's identity: they are never parsed and written again. */
export interface Manifest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
  /** The sha256 of the bytes, whatever algorithm the registry was asked in, so that two digests can be compared. */
  readonly digest: string;
}

/** OCI image manifests and indexes, and Docker's own of schema 2, which have digests of their own. */
export const manifestTypes: readonly string[] = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

export const isDigest = (reference: string): boolean => reference.includes(':');

export const digestOf = (bytes: Uint8Array, algorithm: 'sha256' | 'sha512' = 'sha256'): string =>
  `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;

/** The digest of the bytes by the algorithm of another digest, to compare the two. */
export const digestLike = (bytes: Uint8Array, digest: string): string =>
  digestOf(bytes, digest.startsWith('sha512:') ? 'sha512' : 'sha256');

const platform = Type.Object({ os: Type.String(), architecture: Type.String(), variant: Type.Optional(Type.String()) });

/** Points at a manifest or a blob (OCI image specification, "Content Descriptors"). */
export const descriptor = Type.Object({
  mediaType: Type.String(),
  digest: Type.String({ pattern: `^${digestPattern}$` }),
  size: Type.Integer(),
  platform: Type.Optional(platform),
  artifactType: Type.Optional(Type.String()),
  annotations: Type.Optional(stringMap()),
  urls: Type.Optional(Type.Array(Type.String())),
});
export type Descriptor = Static<typeof descriptor>;

/** The references in a manifest or an index. */
const manifestBody = Type.Object({
  config: Type.Optional(descriptor),
  layers: Type.Optional(Type.Array(descriptor)),
  manifests: Type.Optional(Type.Array(descriptor)),
  subject: Type.Optional(descriptor),
  artifactType: Type.Optional(Type.String()),
  annotations: Type.Optional(stringMap()),
});
export type ManifestBody = Static<typeof manifestBody>;

/** Parses a manifest, only to read it. @throws {StepError} `DOCKER_MANIFEST_UNSUPPORTED` */
export function parseManifest(manifest: Manifest): ManifestBody {
  const body = parseJson(manifest.bytes);
  if (Value.Check(manifestBody, body)) return body;
  throw new StepError('DOCKER_MANIFEST_UNSUPPORTED', `${manifest.digest} is not a valid manifest of type ${manifest.mediaType}.`, {
    hint: 'Push the image again.',
  });
}

/** Config and layers of an image, each once. A blob that is kept elsewhere (`urls`) never was in the registry. */
export function blobsOf({ config, layers = [] }: ManifestBody): readonly Descriptor[] {
  const all = [...(config ? [config] : []), ...layers].filter(({ urls = [] }) => urls.length === 0);
  return [...new Map(all.map((blob) => [blob.digest, blob])).values()];
}
