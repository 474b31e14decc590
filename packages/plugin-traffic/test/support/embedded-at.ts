import type { Provided } from 'relpipe/plugin';
import type { EmbeddedConfig } from '../../src/router-kinds/embedded/embedded-config.ts';
import { embedded } from '../../src/router-kinds/embedded/embedded.ts';
import type { Router } from '../../src/router-kinds/router.ts';

/** `router: { embedded: … }` as a step gets it. */
export const embeddedAt = (config: EmbeddedConfig): Provided<Router> => ({
  name: 'embedded',
  open: (context) => embedded.open(config, context),
});
