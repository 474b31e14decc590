import type { RollbackContext } from 'relpipe/plugin';
import { Alertmanager } from './alertmanager.ts';
import type { Silenced, SilenceConfig, SilenceMark } from './silence-config.ts';

/** Ends every silence that this step has made, also one whose id it never heard. One that has ended already is left alone. */
export async function expireSilence(config: SilenceConfig, context: RollbackContext<SilenceMark, Silenced>): Promise<void> {
  const { saved } = context;
  if (!saved) return; // Nothing was asked for.
  const alertmanager = new Alertmanager(config, context);
  for (const { id } of await alertmanager.marked(saved.mark)) {
    await alertmanager.expire(id);
    context.log(`silence ${id} ended`);
  }
}
