import { isFullyKnown, plannedText, unknownUntilRun, type PlannedConfig, type Preview, type ReadContext } from 'relpipe/plugin';
import { endsOf } from './ends-of.ts';
import type { promoteConfig } from './promote-config.ts';

/** What the tag points at now and what it will; only the words where something is known later. */
export async function previewPromote(
  config: PlannedConfig<typeof promoteConfig>,
  context: ReadContext,
): Promise<Preview> {
  const change = `point ${plannedText(config.to)} at ${plannedText(config.from)}`;
  if (!isFullyKnown<typeof promoteConfig>(config)) {
    return { change, rollback: 'puts the tag back on its former digest; a new tag is deleted', unknownUntilRun: unknownUntilRun(config) };
  }
  const { source, wanted, target, tag } = endsOf(config, context);
  const [image, former] = [await source.read(wanted), await target.read(tag)];
  return {
    change,
    ...(former && { from: former.digest }),
    ...(image && { to: image.digest }),
    rollback: former ? `puts the tag back on ${former.digest}` : 'deletes the new tag, where the registry can do that',
  };
}
