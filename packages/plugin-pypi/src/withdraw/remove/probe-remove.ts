import type { Probe, ReadContext, Static } from 'relpipe/plugin';
import { releaseOnIndex } from '../release-on-index.ts';
import type { removeConfig, removeOutputs } from './remove-config.ts';

/** Whether it is gone. */
export async function probeRemove(config: Static<typeof removeConfig>, context: ReadContext): Promise<Probe<Static<typeof removeOutputs>>> {
  const { published } = await releaseOnIndex(config, context);
  return published === undefined ? { found: 'done', output: { files: [] } } : { found: 'not-done' };
}
