import { findingFrom, isSettled, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { fetchProject } from '../simple-api/fetch-project.ts';
import { indexToRead } from '../settings/index-to-read.ts';
import { waitConfig } from './wait-config.ts';
import { wantedRelease } from './wanted-release.ts';

/** Whether the names make sense and the index answers; that the project is not there yet is fine. */
export async function verifyWait(
  config: PlannedConfig<typeof waitConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  if (!isSettled<typeof waitConfig>(config)) return [notSettled];
  try {
    const { project } = wantedRelease(config);
    await fetchProject(await indexToRead(config.index, process.env), project, context);
    return [];
  } catch (error) {
    return [findingFrom(error)];
  }
}

const notSettled: Finding = {
  level: 'warning',
  code: 'PYPI_NOT_CHECKED',
  message: 'What to wait for is only known when the run gets here.',
};
