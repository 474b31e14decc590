import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { scratchFolder, type ScratchFolder, sha256Of } from '@relpipe/testing/scratch-folder';
import { virtualContext } from '@relpipe/testing/step-context';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StepError, type ExecOptions, type ExecResult } from 'relpipe/plugin';
import { build } from '../../src/build/build.ts';

const [wheel, sdist] = ['demo_pkg-1.4.0-py3-none-any.whl', 'demo_pkg-1.4.0.tar.gz'] as const;
let folder: ScratchFolder;
beforeEach(() => {
  folder = scratchFolder();
  vi.stubEnv('SOURCE_DATE_EPOCH', undefined);
});
afterEach(() => {
  folder[Symbol.dispose]();
  vi.unstubAllEnvs();
});

/** Stands in for Python where none is installed. The tests in `servers` run the real one. */
function standIn({ files = [wheel, sdist] as readonly string[], version = '1.4.0', build = { code: 0, stdout: '', stderr: '' } } = {}) {
  const called: { argv: readonly string[]; env: ExecOptions['env'] }[] = [];
  let outdir = '';
  const exec = async (argv: readonly string[], { env }: ExecOptions = {}): Promise<ExecResult> => {
    called.push({ argv, env });
    if (argv[0] === 'git') return { code: 0, stdout: '1700000000\n', stderr: '' };
    if (argv[0] === 'python3') throw new StepError('REL_COMMAND_NOT_FOUND', 'no python3');
    if (argv.includes('--version')) return { code: 0, stdout: 'build 1.6.1', stderr: '' };
    if (argv.includes('build')) {
      outdir = argv[argv.indexOf('--outdir') + 1] ?? '';
      for (const name of files) writeFileSync(join(outdir, name), name);
      return build;
    }
    const metadata = files.map((name) => [name, [['Name', 'demo-pkg'], ['Version', version]]] as const);
    return { code: 0, stdout: argv.length > 4 ? JSON.stringify(Object.fromEntries(metadata)) : '', stderr: '' };
  };
  return { exec, called, outdir: () => outdir };
}

const config = { project: 'Demo_Pkg', version: 'v1.4' };
const run = (stand: ReturnType<typeof standIn>, more: object = {}) => build.run({ ...config, ...more }, virtualContext({ workdir: folder.path, exec: stand.exec }));

test('the built files are put into the named folder, and nothing else is left', async () => {
  const stand = standIn();
  const done = await run(stand, { folder: 'out' });
  const files = Object.fromEntries([wheel, sdist].map((name) => [name, sha256Of(join(folder.path, 'out', name))]));
  expect(done).toEqual({ project: 'demo-pkg', version: '1.4.0', folder: 'out', files });
  expect(readdirSync(join(folder.path, 'out')).sort()).toEqual([wheel, sdist].sort());
  expect(() => readdirSync(stand.outdir())).toThrow('ENOENT');
});

test('the build gets the time of the commit and the options of the step', async () => {
  const stand = standIn({ files: [wheel] });
  await run(stand, { formats: ['wheel'], isolation: false, source: 'lib' });
  const call = stand.called.find(({ argv }) => argv.includes('build'));
  expect(call?.env).toEqual({ SOURCE_DATE_EPOCH: '1700000000' });
  expect(call?.argv).toEqual(['python', '-m', 'build', '--outdir', stand.outdir(), '--wheel', '--no-isolation', join(folder.path, 'lib')]);
});

describe('failed builds', () => {
  test.each([
    ['PYPI_METADATA_MISMATCH', { version: '1.3.0' }],
    ['PYPI_FORMAT_MISSING', { files: [wheel] }],
    ['PYPI_BUILD_OUTPUT_MISMATCH', { files: [wheel, 'demo_pkg-1.3.0.tar.gz'] }],
    ['PYPI_BUILD_FAILED', { build: { code: 1, stdout: '', stderr: 'it broke' } }],
    ['PYPI_BUILD_NOT_INSTALLED', { build: { code: 1, stdout: '', stderr: 'python: No module named build' } }],
  ])('a build that fails with %s puts no file into the folder', async (code, given) => {
    const stand = standIn(given);
    await expect(run(stand)).rejects.toMatchObject({ code });
    expect(readdirSync(folder.path)).toEqual([]);
    expect(() => readdirSync(stand.outdir())).toThrow('ENOENT');
  });
});

test('the log has the whole output of a failed build', async () => {
  const stderr = Array.from({ length: 20 }, (_, at) => `error ${at}`).join('\n');
  const lines: string[] = [];
  const context = virtualContext({ workdir: folder.path, exec: standIn({ build: { code: 1, stdout: 'compiling', stderr } }).exec, log: (line) => lines.push(line) });
  await expect(build.run(config, context)).rejects.toMatchObject({ code: 'PYPI_BUILD_FAILED' });
  expect(lines).toEqual(['compiling', ...stderr.split('\n')]);
});

describe('before the run', () => {
  const found = (given: Parameters<NonNullable<typeof build.verify>>[0]) => build.verify?.(given, virtualContext({ workdir: folder.path, exec: standIn().exec }));

  test('verify reports a missing project, an invalid version, and a version that is known only later', async () => {
    expect(await found(config)).toMatchObject([{ level: 'error', code: 'PYPI_PYPROJECT_NOT_FOUND', message: containing(folder.path) }]);
    writeFileSync(join(folder.path, 'pyproject.toml'), '');
    expect(await found(config)).toEqual([]);
    expect(await found({ ...config, version: 'newest' })).toMatchObject([{ code: 'PYPI_VERSION_INVALID' }]);
    expect(await found({ ...config, version: { $later: 'steps.bump.outputs.version' } })).toMatchObject([{ level: 'warning', code: 'PYPI_NOT_CHECKED' }]);
  });
});
