import { access, copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  isFullyKnown,
  plannedText,
  StepError,
  unknownUntilRun,
  type Finding,
  type PlannedConfig,
  type Preview,
  type ReadContext,
} from 'relpipe/plugin';
import { findPython, lastLines, succeeds } from '../commands.ts';
import { hashOf } from '../hash-of.ts';
import { isFileOf, releaseOf } from '../names/release.ts';
import { findingsOf, notChecked } from '../planned.ts';
import type { buildConfig, BuildConfig, BuildOutputs } from './build.ts';
import { checkMetadata, readMetadata } from './metadata.ts';

type Planned = PlannedConfig<typeof buildConfig>;

/** Whether there is a project to build, and the module `build` to build it. */
export async function verifyBuild(config: Planned, context: ReadContext): Promise<readonly Finding[]> {
  if (!isFullyKnown<typeof buildConfig>(config)) return [notChecked('The release to build')];
  return findingsOf(async () => {
    releaseOf(config);
    await refuseWithoutProject(resolve(context.workdir, config.source ?? '.'));
    const python = await findPython(config.python, context);
    if (!(await succeeds([python, '-m', 'build', '--version'], context))) throw buildNotInstalled(python);
    return undefined;
  });
}

async function refuseWithoutProject(source: string): Promise<void> {
  const found = await Promise.all(
    ['pyproject.toml', 'setup.py'].map((name) =>
      access(join(source, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  if (found.includes(true)) return;
  throw new StepError('PYPI_PYPROJECT_NOT_FOUND', `${source} contains neither pyproject.toml nor setup.py.`, {
    hint: 'Set `source` to the folder of the project.',
  });
}

const buildNotInstalled = (python: string): StepError =>
  new StepError('PYPI_BUILD_NOT_INSTALLED', `The module \`build\` is not installed for ${python}.`, {
    hint: `Run: ${python} -m pip install build`,
  });

/** Files in a folder of the project; nobody else sees a change. */
export async function previewBuild(config: Planned): Promise<Preview> {
  const { project, version, folder = 'dist' } = config;
  return {
    change: `${plannedText(project)} ${plannedText(version)} as files in ${plannedText(folder)}`,
    unknownUntilRun: unknownUntilRun(config),
  };
}

/** Builds into an empty folder, checks what was built, and only then puts the files where they belong. */
export async function runBuild(config: BuildConfig, context: ReadContext): Promise<BuildOutputs> {
  const release = releaseOf(config);
  const python = await findPython(config.python, context);
  const scratch = await mkdtemp(join(tmpdir(), 'relpipe-build-'));
  try {
    await callBuild(python, scratch, config, context);
    const names = (await readdir(scratch)).sort();
    const metadata = await readMetadata(python, scratch, names, context);
    const { name, version } = checkMetadata(config, metadata);
    for (const built of names) if (!isFileOf(release, built)) throw wrongName(built, config);
    const folder = config.folder ?? 'dist';
    await mkdir(resolve(context.workdir, folder), { recursive: true });
    const files = await Promise.all(names.map((built) => put(join(scratch, built), join(resolve(context.workdir, folder), built))));
    for (const [at, built] of names.entries()) context.log(`${built} sha256 ${files[at] ?? ''}`);
    return { project: name, version, folder, files: Object.fromEntries(names.map((built, at) => [built, files[at] ?? ''])) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function callBuild(python: string, outdir: string, config: BuildConfig, context: ReadContext): Promise<void> {
  const { formats = [], isolation = true, source = '.' } = config;
  const argv = [
    ...[python, '-m', 'build', '--outdir', outdir],
    // Without a format, `build` makes both, the wheel from the sdist.
    ...(formats.length === 1 ? [`--${formats.join('')}`] : []),
    ...(isolation ? [] : ['--no-isolation']),
    resolve(context.workdir, source),
  ];
  const { code, stdout, stderr } = await context.exec(argv, { env: await commitTime(context) });
  for (const line of `${stdout}\n${stderr}`.split('\n')) if (line.trim() !== '') context.log(line);
  if (code === 0) return;
  if (/No module named '?build'?/.test(stderr)) throw buildNotInstalled(python);
  throw new StepError('PYPI_BUILD_FAILED', `python -m build exited with ${code}:\n${lastLines(`${stdout}\n${stderr}`)}`, {
    hint: isolation
      ? 'Run it by hand. Where nothing can be downloaded, install the build requirements of the project and set `isolation: false`.'
      : 'Run it by hand with --no-isolation; the build requirements of the project have to be installed.',
  });
}

/** The time of the commit, so that building the same commit again produces the same bytes, as far as the project's back end can. */
async function commitTime(context: ReadContext): Promise<Record<string, string>> {
  if (process.env['SOURCE_DATE_EPOCH']) return {};
  const seconds = await context.exec(['git', 'log', '-1', '--format=%ct']).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
  return /^\d+$/.test(seconds) ? { SOURCE_DATE_EPOCH: seconds } : {};
}

const wrongName = (filename: string, { project, version }: BuildConfig): StepError =>
  new StepError('PYPI_BUILD_OUTPUT_MISMATCH', `The build produced ${filename}, which is not a file of ${project} ${version}.`, {
    hint: 'Check the name and the version in pyproject.toml.',
  });

/** Whole or not at all: nobody who reads the folder sees half a file. */
async function put(from: string, to: string): Promise<string> {
  await copyFile(from, `${to}.part`);
  await rename(`${to}.part`, to);
  return hashOf(to);
}
