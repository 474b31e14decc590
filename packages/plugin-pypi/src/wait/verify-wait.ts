import { findingFrom, isFullyKnown, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../not-settled.ts';
import { settledFiles } from '../names/settled-files.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import { indexToRead } from '../settings/index-to-read.ts';
import type { waitConfig } from './wait-config.ts';
import { wantedRelease } from './wanted-release.ts';

/** Whether the names make sense and the index answers; that the project is not there yet is fine. */
export async function verifyWait(
  config: PlannedConfig<typeof waitConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  const { files, ...known } = config;
  if (!isFullyKnown(known)) return [notSettled('What to wait for')];
  try {
    const { project } = wantedRelease({ ...known, files: settledFiles(files) ?? {} });
    await fetchProject(await indexToRead(known.index, process.env), project, context);
    return [];
  } catch (error) {
    return [findingFrom(error)];
  }
}
