import type { Provided } from 'relpipe/plugin';
import { embedded, type EmbeddedConfig } from '../../src/routers/embedded/embedded.ts';
import type { Router } from '../../src/routers/router.ts';

/** `router: { embedded: … }` as a step gets it. */
export const embeddedAt = (config: EmbeddedConfig): Provided<Router> => ({
  name: 'embedded',
  open: (context) => embedded.open(config, context),
});
