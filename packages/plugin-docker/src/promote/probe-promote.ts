import type { Probe, ProbeContext } from 'relpipe/plugin';
import { openRepository } from './open-repository.ts';
import type { Promoted, PromoteConfig, Promotion } from './promote-config.ts';

/** Whether the tag already points at the image. */
export async function probePromote(config: PromoteConfig, context: ProbeContext<Promotion>): Promise<Probe<Promoted>> {
  const repository = openRepository(config, context);
  const { saved } = context;
  const now = (await repository.read(config.to))?.digest ?? null;
  const wanted = saved?.digest ?? (await repository.read(config.from))?.digest;
  if (wanted === undefined) return { found: 'unknown', detail: `${config.repository} has no ${config.from}` };
  // Nothing saved means nothing done: then the tag was there before.
  if (now === wanted) return { found: 'done', output: saved ?? { digest: wanted, former: wanted } };
  if (!saved || now === saved.former) return { found: 'not-done' };
  return { found: 'conflict', detail: `${config.to} points at ${now ?? 'nothing'}, which this step did not do` };
}
