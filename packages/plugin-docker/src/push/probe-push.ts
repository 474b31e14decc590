import type { Probe, ProbeContext } from 'relpipe/plugin';
import { parseReference, printReference, wantedOf } from '../reference/image-reference.ts';
import { openRepository } from '../registry/open-repository.ts';
import type { Pushed, PushConfig, PushState } from './push-config.ts';
import { openSource, sourceOfId } from './push-source.ts';

/** Whether the tag points at the image; it moves last, so everything else is there then. */
export async function probePush(config: PushConfig, context: ProbeContext<PushState>): Promise<Probe<Pushed>> {
  const reference = parseReference(config.image);
  const repository = openRepository(reference, config, context);
  const { saved } = context;
  if (!saved) return { found: 'not-done' };
  const source = saved.id === null ? await openSource(config, context) : sourceOfId(saved.id, config, context);
  const now = await repository.read(wantedOf(reference));
  if (now && (saved.digest === now.digest || (await source.is(now, repository)))) {
    const image = printReference({ ...reference, tag: undefined, digest: now.digest });
    return { found: 'done', output: { image, digest: now.digest, former: saved.former, pushed: now.digest !== saved.former } };
  }
  if ((now?.digest ?? null) === saved.former) return { found: 'not-done' };
  return { found: 'conflict', detail: `${config.image} points at ${now?.digest ?? 'nothing'}, which this step did not do` };
}
