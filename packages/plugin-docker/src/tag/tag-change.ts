import { Type, type Static } from 'relpipe/plugin';
import { stringOrNull } from '../schemas.ts';

/** Saved before a tag moves: enough to move it back, and to tell the work of this run from that of others. */
export const tagChange = Type.Object({
  digest: stringOrNull('Digest that this step moves the tag to; null when only the push can tell'),
  previous: stringOrNull('Digest that it pointed at before; null for a new tag'),
  isNewImage: Type.Boolean({ description: 'Whether the repository did not have this image before, under any name' }),
});
export type TagChange = Static<typeof tagChange>;
