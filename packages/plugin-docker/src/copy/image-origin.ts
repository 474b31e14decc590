import type { Layout } from '../layout/open-layout.ts';
import { openBlob } from '../registry/blobs.ts';
import type { Descriptor } from '../registry/manifest-body.ts';
import type { Manifest } from '../registry/manifest.ts';
import { listReferrers } from '../registry/referrers.ts';
import type { Repository } from '../registry/repository.ts';

/** Where an image is copied from. */
export interface ImageOrigin {
  /** For the errors. */
  readonly name: string;
  /** By digest or tag. */
  read(reference: string): Promise<Manifest | undefined>;
  openBlob(digest: string): Promise<ReadableStream>;
  /** What a registry may mount blobs from; undefined where they have to be uploaded. */
  mountedFrom(target: Repository): string | undefined;
  referrersOf(digest: string): Promise<readonly Descriptor[]>;
}

export const repositoryOrigin = (repository: Repository): ImageOrigin => ({
  name: repository.name,
  read: (reference) => repository.read(reference),
  openBlob: (digest) => openBlob(repository, digest),
  mountedFrom: (target) => (target.base.origin === repository.base.origin ? repository.name : undefined),
  referrersOf: (digest) => listReferrers(repository, digest),
});

export const layoutOrigin = (folder: string, layout: Layout): ImageOrigin => ({
  name: folder,
  read: (reference) => layout.read(reference),
  openBlob: (digest) => layout.openBlob(digest),
  mountedFrom: () => undefined,
  referrersOf: () => Promise.resolve([]),
});
