import type { ReadContext } from 'relpipe/plugin';
import { parseReference, printReference, wantedOf, type ImageReference } from '../reference/image-reference.ts';
import { openRepository } from '../registry/open-repository.ts';
import type { Repository } from '../registry/repository.ts';
import type { PromoteConfig } from './promote-config.ts';

/** Where the image is and where its tag goes; one and the same repository where it stays at home. */
export interface Ends {
  readonly source: Repository;
  readonly wanted: string;
  readonly target: Repository;
  readonly tag: string;
  /** The image under its new name, by digest. */
  readonly named: (digest: string) => string;
}

export function endsOf(config: PromoteConfig, context: ReadContext): Ends {
  const [from, to] = [parseReference(config.from), parseReference(config.to)];
  const source = openRepository(from, config, context);
  const target = isSame(from, to) ? source : openRepository(to, config, context);
  const named = (digest: string): string => printReference({ ...to, tag: undefined, digest });
  return { source, wanted: wantedOf(from), target, tag: wantedOf(to), named };
}

const isSame = (one: ImageReference, other: ImageReference): boolean =>
  one.registry === other.registry && one.repository === other.repository;
