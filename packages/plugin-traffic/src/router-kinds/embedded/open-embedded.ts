import type { ReadContext } from 'relpipe/plugin';
import type { Router } from '../router.ts';
import type { EmbeddedConfig } from './embedded-config.ts';
import { embeddedPlace } from './embedded-place.ts';
import { EmbeddedRouter } from './embedded-router.ts';

/** Nothing is asked of it yet. @throws {StepError} `TRAFFIC_ROUTER_PLACE_UNCLEAR` */
export async function openEmbedded(config: EmbeddedConfig, { workdir, signal }: ReadContext): Promise<Router> {
  return new EmbeddedRouter(embeddedPlace(config, workdir), signal);
}
