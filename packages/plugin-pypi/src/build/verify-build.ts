import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findingFrom, isFullyKnown, StepError, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { notSettled } from '../not-settled.ts';
import { releaseOf } from '../names/release-of.ts';
import { findPython } from '../python/find-python.ts';
import { buildConfig } from './build-config.ts';

/** Whether there is a project to build, and `build` to do it. */
export async function verifyBuild(config: PlannedConfig<typeof buildConfig>, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof buildConfig>(config)) return [notSettled('What to build')];
  try {
    releaseOf(config);
    await refuseWithoutProject(resolve(context.workdir, config.source ?? '.'));
    await refuseWithoutBuild(await findPython(config.python, context), context);
    return [];
  } catch (error) {
    return [findingFrom(error)];
  }
}

async function refuseWithoutProject(source: string): Promise<void> {
  const there = await Promise.all(['pyproject.toml', 'setup.py'].map((name) => access(join(source, name)).then(() => true, () => false)));
  if (there.includes(true)) return;
  throw new StepError('PYPI_NO_PROJECT', `There is neither pyproject.toml nor setup.py in ${source}.`, { hint: 'Say with `source` where the project is.' });
}

async function refuseWithoutBuild(python: string, context: ReadContext): Promise<void> {
  if ((await context.exec([python, '-m', 'build', '--version'])).code !== 0) throw noBuild(python);
}

export const noBuild = (python: string): StepError =>
  new StepError('PYPI_NO_BUILD', `${python} has no module \`build\`.`, { hint: `Run: ${python} -m pip install build` });
