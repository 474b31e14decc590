import { StepError, Type, type ReadContext, type Static } from 'relpipe/plugin';
import { embeddedConfig } from './embedded/embedded-config.ts';
import type { Router } from './router.ts';

/** `router:` of a step: exactly one kind of router, by its name. A further kind is one more line here and below. */
export const routerConfig = Type.Object(
  { embedded: Type.Optional(embeddedConfig) },
  { additionalProperties: false, minProperties: 1, maxProperties: 1, description: 'Which router divides the traffic' },
);
export type RouterConfig = Static<typeof routerConfig>;

/** Opens the router that the configuration names; nothing is asked of it yet, and nothing has to be closed. */
export async function openRouter(config: RouterConfig, context: ReadContext): Promise<Router> {
  for (const kind of kinds) {
    const router = await openKind(kind, config, context);
    if (router !== undefined) return router;
  }
  throw new StepError('TRAFFIC_ROUTER_UNNAMED', 'No router is named.', { hint: `Name one of: ${kinds.join(', ')}.` });
}

type Kind = keyof RouterConfig;
type Openers = { readonly [K in Kind]-?: (config: NonNullable<RouterConfig[K]>, context: ReadContext) => Promise<Router> };

const openers: Openers = {
  // Loaded when it is used: reading a pipeline file needs none of it.
  embedded: async (config, context) => (await import('./embedded/open-embedded.ts')).openEmbedded(config, context),
};
const kinds: readonly Kind[] = ['embedded'];

async function openKind<K extends Kind>(kind: K, config: RouterConfig, context: ReadContext): Promise<Router | undefined> {
  const given = config[kind];
  return given === undefined ? undefined : openers[kind](given, context);
}
