import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { releaseOf } from '../names/release-of.ts';
import { isFileOf } from '../names/release-files.ts';
import { findPython } from '../python/find-python.ts';
import { hashOf } from '../files/hash-of.ts';
import { lastLines } from '../python/last-lines.ts';
import type { BuildConfig, BuildOutputs } from './build-config.ts';
import { checkMetadata } from './check-metadata.ts';
import { readMetadata } from './read-metadata.ts';
import { noBuild } from './verify-build.ts';

/** Builds into an empty folder, looks at what came out, and only then puts it where it was asked for. */
export async function runBuild(config: BuildConfig, context: ReadContext): Promise<BuildOutputs> {
  const release = releaseOf(config);
  const python = await findPython(config.python, context);
  const scratch = await mkdtemp(join(tmpdir(), 'relpipe-build-'));
  try {
    await callBuild(python, scratch, config, context);
    const names = (await readdir(scratch)).sort();
    const metadata = await readMetadata(python, scratch, names, context);
    const { name, version } = checkMetadata(config, metadata);
    for (const built of names) if (!isFileOf(release, built)) throw misnamed(built, config);
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
    // Both is what `build` does of itself, the wheel from the sdist.
    ...(formats.length === 1 ? [`--${formats.join('')}`] : []),
    ...(isolation ? [] : ['--no-isolation']),
    resolve(context.workdir, source),
  ];
  const { code, stdout, stderr } = await context.exec(argv, { env: await commitTime(context) });
  for (const line of `${stdout}\n${stderr}`.split('\n')) if (line.trim() !== '') context.log(line);
  if (code === 0) return;
  if (/No module named '?build'?/.test(stderr)) throw noBuild(python);
  throw new StepError('PYPI_BUILD_FAILED', `python -m build ended with ${code}:\n${lastLines(`${stdout}\n${stderr}`)}`, {
    hint: isolation
      ? 'Run it by hand. Where nothing can be downloaded, install what the project builds with and say `isolation: false`.'
      : 'Run it by hand with --no-isolation: what the project builds with has to be installed.',
  });
}

/** The time of the commit, so that building the same commit again gives the same bytes, as far as the project's back end can. */
async function commitTime(context: ReadContext): Promise<Record<string, string>> {
  if (process.env['SOURCE_DATE_EPOCH']) return {};
  const seconds = await context.exec(['git', 'log', '-1', '--format=%ct']).then(({ stdout }) => stdout.trim(), () => '');
  return /^\d+$/.test(seconds) ? { SOURCE_DATE_EPOCH: seconds } : {};
}

/** Whole or not at all: whoever reads the folder never sees half a file. */
async function put(from: string, to: string): Promise<string> {
  await copyFile(from, `${to}.part`);
  await rename(`${to}.part`, to);
  return hashOf(to);
}

const misnamed = (filename: string, { project, version }: BuildConfig): StepError =>
  new StepError('PYPI_BUILT_OTHER', `The build gave ${filename}, which is no file of ${project} ${version}.`, {
    hint: 'SampleRequest at the name and the version in pyproject.toml.',
  });
