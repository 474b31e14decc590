import { Type, type Static } from 'relpipe/plugin';

const digestOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

/** Saved before a tag moves: enough to put it back, and to tell this run's work from somebody else's. */
export const tagChange = Type.Object({
  digest: digestOrNull('What this step makes the tag point at; null where only the push will tell'),
  former: digestOrNull('What it pointed at before; null for a new tag'),
  brought: Type.Boolean({ description: 'Whether the repository did not have this image before, under any name' }),
});
export type TagChange = Static<typeof tagChange>;
