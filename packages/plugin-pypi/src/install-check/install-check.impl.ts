import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isFullyKnown,
  plannedText,
  StepError,
  unknownUntilRun,
  type Finding,
  type PlannedConfig,
  type Preview,
  type ReadContext,
  type RunContext,
} from 'relpipe/plugin';
import { findPython, lastLines, succeeds } from '../commands.ts';
import { isFileOf, releaseFiles, releaseOf, type Release } from '../names/release.ts';
import { findingsOf, knownFiles, notChecked } from '../planned.ts';
import { indexToRead } from '../settings/index-to-read.ts';
import { fetchProject } from '../simple-api/fetch-project.ts';
import { hashMissing } from '../simple-api/index-file.ts';
import type { PackageIndex } from '../simple-api/package-index.ts';
import { inspectInstalled } from './inspect-installed.ts';
import type { installCheckConfig, InstallCheckConfig, InstallCheckOutputs, InstallCheckState } from './install-check.ts';
import { installByHash } from './install-by-hash.ts';

type Planned = PlannedConfig<typeof installCheckConfig>;

/** Whether an environment can be created and the names are valid. The version need not be there yet. */
export async function verifyInstallCheck({ files, ...known }: Planned, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown(known)) return [notChecked('The release to install')];
  return findingsOf(async () => {
    releaseFiles(releaseOf(known), knownFiles(files) ?? {});
    await indexToRead(known.index, process.env);
    const python = await findPython(known.python, context);
    if (!(await succeeds([python, '-I', '-c', 'import venv, ensurepip'], context)))
      throw noEnvironment(python, ': venv or ensurepip is missing.');
    return undefined;
  });
}

/** It creates only a temporary folder. */
export async function previewInstallCheck(config: Planned): Promise<Preview> {
  const release = `${plannedText(config.project)} ${plannedText(config.version)}`;
  return { change: `nothing: installs ${release} into a temporary environment`, unknownUntilRun: unknownUntilRun(config) };
}

/** Creates the environment, installs, inspects, and removes the environment, whatever happened. */
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
    const programs = await createEnvironment(python, folder, context);
    const packages = await installByHash({ release, index, hashes, folder, python: join(programs, 'python') }, context);
    const { version, modules, scripts } = await inspectInstalled({ release, folder, programs, modules: config.import ?? [] }, context);
    await runScripts({ wanted: config.scripts ?? {}, scripts, folder, programs }, context);
    return { version, modules, scripts, packages };
  } finally {
    await removeEnvironment({ folder });
  }
}

async function hashesOn(index: PackageIndex, release: Release, context: ReadContext): Promise<readonly string[]> {
  const listed = (await fetchProject(index, release.project, context)) ?? [];
  const files = listed.filter(({ filename }) => isFileOf(release, filename));
  if (files.length === 0) {
    throw new StepError('PYPI_NOT_VISIBLE', `${index.url} does not list ${release.project} ${release.version}.`, {
      hint: 'Wait for it with `pypi.wait` first.',
      retryable: true,
    });
  }
  return files.map(({ filename, sha256 }) => {
    if (sha256 !== undefined) return sha256;
    throw hashMissing(filename, index.url, 'Set `files`, as `pypi.build` outputs it.');
  });
}

/** Returns the folder of its programs. */
async function createEnvironment(python: string, folder: string, context: ReadContext): Promise<string> {
  const environment = join(folder, 'venv');
  const { code, stdout, stderr } = await context.exec([python, '-I', '-m', 'venv', environment]);
  if (code === 0) return join(environment, process.platform === 'win32' ? 'Scripts' : 'bin');
  throw noEnvironment(python, `:\n${lastLines(`${stdout}\n${stderr}`)}`);
}

const noEnvironment = (python: string, why: string): StepError =>
  new StepError('PYPI_VENV_UNAVAILABLE', `${python} cannot create a virtual environment${why}`, {
    hint: 'On Debian and Ubuntu: apt install python3-venv',
  });

/** Removes what an attempt created; nothing to remove is fine. */
export async function removeEnvironment(created: InstallCheckState | undefined): Promise<void> {
  if (created) await rm(created.folder, { recursive: true, force: true, maxRetries: 3 });
}

interface Scripts {
  /** Arguments by name. */
  readonly wanted: Readonly<Record<string, readonly string[]>>;
  /** The console scripts of the project. */
  readonly scripts: readonly string[];
  readonly folder: string;
  readonly programs: string;
}

/** @throws {StepError} `PYPI_SCRIPT_NOT_FOUND`, `PYPI_SCRIPT_FAILED` */
async function runScripts({ wanted, scripts, folder, programs }: Scripts, context: ReadContext): Promise<void> {
  for (const [name, args] of Object.entries(wanted)) {
    if (!scripts.includes(name)) {
      throw new StepError('PYPI_SCRIPT_NOT_FOUND', `The project has no console script ${name}.`, {
        hint: scripts.length === 0 ? 'It has none at all: check [project.scripts] in pyproject.toml.' : `It has ${scripts.join(', ')}.`,
      });
    }
    const { code, stdout, stderr } = await context.exec([join(programs, name), ...args], { cwd: folder });
    const command = [name, ...args].join(' ');
    if (code !== 0) {
      const output = lastLines(`${stdout}\n${stderr}`).trim();
      throw new StepError('PYPI_SCRIPT_FAILED', `The console script ${command} exited with ${code}${output === '' ? ' and printed nothing' : `:\n${output}`}`, {
        hint: 'Run it by hand in a new environment.',
      });
    }
    context.log(`${command} exited with 0`);
  }
}
