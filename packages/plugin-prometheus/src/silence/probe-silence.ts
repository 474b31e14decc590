import type { Probe, ProbeContext } from 'relpipe/plugin';
import { Alertmanager } from './alertmanager.ts';
import type { Silenced, SilenceConfig, SilenceMark } from './silence-config.ts';

/** Whether the silence was made that a lost attempt asked for. */
export async function probeSilence(config: SilenceConfig, context: ProbeContext<SilenceMark>): Promise<Probe<Silenced>> {
  const { saved } = context;
  if (!saved) return { found: 'not-done' }; // It never asked.
  const [standing] = await new Alertmanager(config, context).marked(saved.mark);
  return standing ? { found: 'done', output: { id: standing.id, until: standing.endsAt } } : { found: 'not-done' };
}
