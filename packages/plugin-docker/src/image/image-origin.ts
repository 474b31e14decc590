import { openBlob } from '../registry/blobs.ts';
import { listReferrers } from '../registry/referrers.ts';
import type { Repository } from '../registry/repository.ts';
import type { Layout } from './layout.ts';
import type { Descriptor, Manifest } from './manifest.ts';

/** The repository or layout from which an image is copied. */
export interface ImageOrigin {
  /** For error messages. */
  readonly name: string;
  /** By digest or tag; undefined when it does not exist. */
  read(reference: string): Promise<Manifest | undefined>;
  openBlob(digest: string): Promise<ReadableStream>;
  /** The repository from which the target's registry may mount blobs; undefined where they have to be uploaded. */
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
