import { isLater, isFullyKnown, plannedText, unknownUntilRun, type PlannedConfig, type Preview, type ReadContext } from 'relpipe/plugin';
import { parseReference, wantedOf } from '../reference/image-reference.ts';
import { openRepository } from '../registry/open-repository.ts';
import type { pushConfig } from './push-config.ts';

/** What the tag points at now. */
export async function previewPush(config: PlannedConfig<typeof pushConfig>, context: ReadContext): Promise<Preview> {
  const change = `push ${plannedText(config.source ?? "the engine's image")} as ${plannedText(config.image)}`;
  const { image, logins = {} } = config;
  if (isLater(image) || isLater(logins) || !isFullyKnown(logins)) {
    return { change, rollback: 'puts the tag back on its former digest; a new tag is deleted', unknownUntilRun: unknownUntilRun(config) };
  }
  const reference = parseReference(image);
  const former = await openRepository(reference, { logins }, context).read(wantedOf(reference));
  return {
    change,
    ...(former && { from: former.digest }),
    rollback: former ? `puts the tag back on ${former.digest}` : 'deletes the new tag, where the registry can do that',
    unknownUntilRun: unknownUntilRun(config),
  };
}
