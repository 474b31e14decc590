import { isFullyKnown, isStepError, plannedText, unknownUntilRun, type PlannedConfig, type Preview, type ReadContext } from 'relpipe/plugin';
import { settledFiles } from '../names/settled-files.ts';
import { indexToPublish } from '../settings/index-to-publish.ts';
import type { publishConfig } from './publish-config.ts';

/** What goes where. */
export async function previewPublish(config: PlannedConfig<typeof publishConfig>, context: ReadContext): Promise<Preview> {
  const { project, version, index, upload, files } = config;
  const where = { index, upload };
  const url = isFullyKnown(where) ? await addressOf(where, context) : plannedText(upload ?? index);
  const known = settledFiles(files);
  const what = known ? Object.keys(known).join(', ') : 'its files';
  return {
    change: `${plannedText(project)} ${plannedText(version)}: ${what} on ${url}`,
    rollback: 'not at all: a published file can be withdrawn, and never replaced',
    unknownUntilRun: unknownUntilRun(config),
  };
}

/** That an index cannot be told from afar is a finding of `verify`; here it is named as it is written. */
async function addressOf(where: { readonly index?: string | undefined; readonly upload?: string | undefined }, context: ReadContext): Promise<string> {
  try {
    return (await indexToPublish(where, process.env, context)).url;
  } catch (error) {
    if (isStepError(error)) return where.upload ?? where.index ?? 'the index that twine is configured for';
    throw error;
  }
}
