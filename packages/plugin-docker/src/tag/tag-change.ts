import { Type, type Static } from 'relpipe/plugin';
import { textOrNull } from '../text-or-null.ts';

/** Saved before a tag moves: enough to put it back, and to tell this run's work from somebody else's. */
export const tagChange = Type.Object({
  digest: textOrNull('What this step makes the tag point at; null where only the push will tell'),
  former: textOrNull('What it pointed at before; null for a new tag'),
  brought: Type.Boolean({ description: 'Whether the repository did not have this image before, under any name' }),
});
export type TagChange = Static<typeof tagChange>;
