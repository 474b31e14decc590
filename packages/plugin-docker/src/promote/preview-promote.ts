import { isLater, isSettled, type PlannedConfig, type Preview, type ReadContext } from 'relpipe/plugin';
import { openRepository } from './open-repository.ts';
import type { promoteConfig } from './promote-config.ts';

/** What the tag points at now and what it will; only the words where something is known later. */
export async function previewPromote(
  config: PlannedConfig<typeof promoteConfig>,
  context: ReadContext,
): Promise<Preview> {
  const text = (value: unknown) => (isLater(value) ? `(${value.$later})` : String(value));
  const change = `point ${text(config.repository)}:${text(config.to)} at ${text(config.from)}`;
  if (!isSettled<typeof promoteConfig>(config)) {
    const unknownUntilRun = Object.entries(config).flatMap(([name, value]) => (isLater(value) ? [name] : []));
    return { change, undo: 'puts the tag back on its former digest; a new tag is deleted', unknownUntilRun };
  }
  const repository = openRepository(config, context);
  const [source, former] = [await repository.read(config.from), await repository.read(config.to)];
  return {
    change,
    ...(former && { from: former.digest }),
    ...(source && { to: source.digest }),
    undo: former ? `puts the tag back on ${former.digest}` : 'deletes the new tag, where the registry can do that',
  };
}
