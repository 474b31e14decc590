import { createHash } from 'node:crypto';

/** A manifest as the registry stores it. The bytes are the image's identity: they are never parsed and written again. */
export interface Manifest {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
  /** The sha256 of the bytes, whatever algorithm the registry was asked in: so that two digests can be compared. */
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
