import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StepError, type ReadContext, type RunContext } from 'relpipe/plugin';
import { releaseOf, type Release } from '../names/release-of.ts';
import { isFileOf, releaseFiles } from '../names/release-files.ts';
import { findPython } from '../python/find-python.ts';
import { lastLines } from '../python/last-lines.ts';
import { indexToRead } from '../settings/index-to-read.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import type { PackageIndex } from '../simple-api/package-index.ts';
import type { InstallCheckConfig, InstallCheckOutputs, InstallCheckState } from './install-check-config.ts';
import { inspectInstalled } from './inspect-installed.ts';
import { installByHash } from './install-by-hash.ts';
import { removeEnvironment } from './remove-environment.ts';
import { runScripts } from './run-scripts.ts';

/** Makes the environment, installs, looks, and removes it, however it went. */
export async function runInstallCheck(config: InstallCheckConfig, context: RunContext<InstallCheckState>): Promise<InstallCheckOutputs> {
  const release = releaseOf(config);
  const index = await indexToRead(config.index, process.env);
  const hashes = config.files === undefined ? await hashesOn(index, release, context) : [...releaseFiles(release, config.files).values()];
  const python = await findPython(config.python, context);
  await removeEnvironment(context.saved);
  const folder = join(tmpdir(), `relpipe-install-${randomUUID()}`);
  await context.saveState({ folder });
  try {
    await mkdir(folder);
    const programs = await makeEnvironment(python, folder, context);
    const packages = await installByHash({ release, index, hashes, folder, python: join(programs, 'python') }, context);
    const { version, modules, scripts } = await inspectInstalled({ release, folder, programs, modules: config.import ?? [] }, context);
    await runScripts({ wanted: config.scripts ?? {}, scripts, folder, programs }, context);
    return { version, modules, scripts, packages };
  } finally {
    await removeEnvironment({ folder });
  }
}

/** Gives the folder of its programs. */
async function makeEnvironment(python: string, folder: string, context: ReadContext): Promise<string> {
  const environment = join(folder, 'venv');
  const { code, stdout, stderr } = await context.exec([python, '-I', '-m', 'venv', environment]);
  if (code === 0) return join(environment, process.platform === 'win32' ? 'Scripts' : 'bin');
  throw new StepError('PYPI_NO_VENV', `${python} could not make an environment:\n${lastLines(`${stdout}\n${stderr}`)}`, {
    hint: 'On Debian and Ubuntu: apt install python3-venv',
  });
}

async function hashesOn(index: PackageIndex, release: Release, context: ReadContext): Promise<readonly string[]> {
  const listed = (await fetchProject(index, release.project, context)) ?? [];
  const files = listed.filter(({ filename }) => isFileOf(release, filename));
  if (files.length === 0) {
    throw new StepError('PYPI_NOT_VISIBLE', `${index.url} does not list ${release.project} ${release.version}.`, {
      hint: 'Wait for it with pypi.wait first.',
      retryable: true,
    });
  }
  return files.map(({ filename, sha256 }) => {
    if (sha256 !== undefined) return sha256;
    throw new StepError('PYPI_NO_HASH', `${index.url} gives no sha256 for ${filename}, so it cannot be installed by hash.`, {
      hint: 'Give `files`, as pypi.build has them.',
    });
  });
}
