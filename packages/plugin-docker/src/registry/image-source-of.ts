import { readBlob } from './blobs.ts';
import type { ImageSource } from './read-image.ts';
import type { Repository } from './repository.ts';

export const imageSourceOf = (repository: Repository): ImageSource => ({
  readManifest: (digest) => repository.read(digest),
  readBlob: (digest) => readBlob(repository, digest),
});
