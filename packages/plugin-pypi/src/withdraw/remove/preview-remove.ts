import { isFullyKnown, isStepError, plannedText, unknownUntilRun, type PlannedConfig, type Preview, type ReadContext } from 'relpipe/plugin';
import { indexSoftware } from '../../settings/index-software.ts';
import { pageOf } from '../ask-for-yank.ts';
import { releaseOnIndex } from '../release-on-index.ts';
import type { removeConfig } from './remove-config.ts';

/** What would go; and where it cannot, because then somebody should know before. */
export async function previewRemove(config: PlannedConfig<typeof removeConfig>, context: ReadContext): Promise<Preview> {
  const what = `${plannedText(config.project)} ${plannedText(config.version)}`;
  const undo = 'not at all: the files are deleted';
  if (!isFullyKnown<typeof removeConfig>(config)) return { change: `removes ${what}`, rollback: undo, unknownUntilRun: unknownUntilRun(config) };
  try {
    const release = await releaseOnIndex(config, context);
    const software = await indexSoftware(release.index, context);
    const isPossible = software.kind === 'devpi' || software.kind === 'pypiserver';
    const where = isPossible ? ` from ${release.index.url}` : `, which its index has no API for: it fails, and asks for ${pageOf(release, software)}`;
    return { change: `removes ${what}${where}`, rollback: undo };
  } catch (error) {
    if (isStepError(error)) return { change: `removes ${what}`, rollback: undo };
    throw error;
  }
}
