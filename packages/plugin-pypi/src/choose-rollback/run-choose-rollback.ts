import { StepError, type ReadContext } from 'relpipe/plugin';
import { releaseOf } from '../names/release-of.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import { indexToRead } from '../settings/index-to-read.ts';
import type { ChooseRollbackConfig, ChooseRollbackOutputs } from './choose-rollback-config.ts';
import { chooseTarget } from './choose-target.ts';
import { publishedVersions } from '../simple-api/published-versions.ts';

/** Reads the index once and chooses. It changes nothing. */
export async function runChooseRollback(config: ChooseRollbackConfig, context: ReadContext): Promise<ChooseRollbackOutputs> {
  const from = releaseOf(config);
  const target = config.target === undefined ? undefined : releaseOf({ project: config.project, version: config.target }).version;
  const index = await indexToRead(config.index, process.env);
  const listed = await fetchProject(index, from.project, context);
  if (!listed) {
    throw new StepError('PYPI_PROJECT_MISSING', `${index.url} does not know ${from.project}.`, {
      hint: 'Check `project`, and that `index` is where it was published.',
    });
  }
  const { written, files } = chooseTarget(from, target, publishedVersions(from.project, listed));
  context.log(`from ${config.version} back to ${written}`);
  return { version: written, files: Object.fromEntries(files.map(({ filename, sha256 }) => [filename, sha256 ?? null])) };
}
