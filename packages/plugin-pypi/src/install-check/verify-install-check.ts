import { findingFrom, isFullyKnown, StepError, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../not-settled.ts';
import { releaseOf } from '../names/release-of.ts';
import { settledFiles } from '../names/settled-files.ts';
import { releaseFiles } from '../names/release-files.ts';
import { findPython } from '../python/find-python.ts';
import { indexToRead } from '../settings/index-to-read.ts';
import { installCheckConfig } from './install-check-config.ts';

/** Whether an environment can be made and the names make sense. The version need not be there yet. */
export async function verifyInstallCheck(
  config: PlannedConfig<typeof installCheckConfig>,
  context: ReadContext,
): Promise<readonly Finding[]> {
  const { files, ...known } = config;
  if (!isFullyKnown(known)) return [notSettled('What to install')];
  try {
    const release = releaseOf(known);
    releaseFiles(release, settledFiles(files) ?? {});
    await indexToRead(known.index, process.env);
    await refuseWithoutVenv(await findPython(known.python, context), context);
    return [];
  } catch (error) {
    return [findingFrom(error)];
  }
}

async function refuseWithoutVenv(python: string, context: ReadContext): Promise<void> {
  if ((await context.exec([python, '-I', '-c', 'import venv, ensurepip'])).code === 0) return;
  throw new StepError('PYPI_NO_VENV', `${python} cannot make environments: venv or ensurepip is missing.`, {
    hint: 'On Debian and Ubuntu: apt install python3-venv',
  });
}
