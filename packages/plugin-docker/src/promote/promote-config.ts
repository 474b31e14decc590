import { secret, Type, type Static } from 'relpipe/plugin';

const tag = '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}';
const digest = '(sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})';

/** `with` of `docker.promote`. Names as the OCI distribution specification has them. */
export const promoteConfig = Type.Object(
  {
    registry: Type.String({ pattern: '^https?://', description: 'Base URL, e.g. https://ghcr.io' }),
    repository: Type.String({
      pattern: '^[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*$',
      description: 'Without the registry, e.g. acme/engine',
    }),
    from: Type.String({ pattern: `^(${tag}|${digest})$`, description: 'Digest or tag to promote' }),
    to: Type.String({ pattern: `^${tag}$`, description: 'Tag that will point at it' }),
    username: Type.Optional(Type.String({ minLength: 1, description: 'Who pushes' })),
    password: Type.Optional(secret('Password or access token of `username`')),
  },
  { additionalProperties: false, dependentRequired: { username: ['password'], password: ['username'] } },
);
export type PromoteConfig = Static<typeof promoteConfig>;

const digestOrNull = (description: string) => Type.Union([Type.String(), Type.Null()], { description });

export const promoted = Type.Object({
  digest: Type.String({ description: 'What the tag points at now' }),
  former: digestOrNull('What it pointed at before; null for a new tag'),
});
export type Promoted = Static<typeof promoted>;

/** Saved before the tag moves: enough to put it back, and to tell this run's work from somebody else's. */
export const promotion = Type.Object({
  digest: Type.String({ description: 'What this step makes the tag point at' }),
  former: digestOrNull('What it pointed at before; null for a new tag'),
});
export type Promotion = Static<typeof promotion>;
