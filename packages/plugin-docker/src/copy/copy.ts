import type { ReadContext } from 'relpipe/plugin';
import type { Repository } from '../registry/repository.ts';
import type { ImageOrigin } from './image-origin.ts';

/** A way into a repository, and what went over it. */
export interface Copy {
  readonly from: ImageOrigin;
  readonly to: Repository;
  readonly context: ReadContext;
  /** Bytes of layers and configs that had to be uploaded; what was mounted or there already does not count. */
  uploaded: number;
  /** Signatures, attestations and the like that came along. */
  referrers: number;
}
