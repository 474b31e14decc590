import type { Probe, ProbeContext } from 'relpipe/plugin';
import type { TagChange } from '../tag/tag-change.ts';
import { endsOf } from './ends-of.ts';
import type { Promoted, PromoteConfig } from './promote-config.ts';

/** Whether the tag already points at the image; it moves last, so everything else is there then. */
export async function probePromote(config: PromoteConfig, context: ProbeContext<TagChange>): Promise<Probe<Promoted>> {
  const { source, wanted, target, tag, named } = endsOf(config, context);
  const { saved } = context;
  const now = (await target.read(tag))?.digest ?? null;
  const digest = saved?.digest ?? (await source.read(wanted))?.digest;
  if (digest === undefined) return { found: 'unknown', detail: `${source.name} has no ${wanted}` };
  // Nothing saved means nothing done: then the tag was there before.
  const former = saved ? saved.former : digest;
  if (now === digest) return { found: 'done', output: { image: named(digest), digest, former, uploaded: 0, referrers: 0 } };
  if (!saved || now === saved.former) return { found: 'not-done' };
  return { found: 'conflict', detail: `${tag} points at ${now ?? 'nothing'}, which this step did not do` };
}
