import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { virtualContext } from '@relpipe/testing/step-context';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ExecOptions, ExecResult } from 'relpipe/plugin';
import { installCheck, type InstallCheckState } from '../../src/install-check/install-check.ts';
import { startIndex, type PackageIndex } from '../support/start-index.ts';

const [a, b, c] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)] as const;
const wheel = { filename: 'demo_pkg-1.4.0-py3-none-any.whl', sha256: a };

let index: PackageIndex;
beforeEach(async () => void (index = await startIndex(() => ({ 'demo-pkg': [wheel, { filename: 'demo_pkg-1.4.0.tar.gz', sha256: b }] }))));
afterEach(async () => {
  vi.unstubAllEnvs();
  await index[Symbol.asyncDispose]();
});

const good = (stdout = ''): ExecResult => ({ code: 0, stdout, stderr: '' });
const one = (name: string, version: string, sha256?: string) => ({ metadata: { name, version }, download_info: { archive_info: { hashes: sha256 === undefined ? {} : { sha256 } } } });
const inspected = { version: '1.4.0', modules: [{ name: 'demo_pkg', error: null, version: null }], scripts: [{ name: 'demo', error: null, exists: true }] };

/** Stands in for pip and Python where none is installed. The tests in `servers` run the real ones. */
function standIn({ chosen = [one('Demo.Pkg', '1.4.0', a), one('dep', '2.0', c)], report = inspected, install = good() } = {}) {
  const called: { argv: readonly string[]; env: ExecOptions['env'] }[] = [];
  let requirements = '';
  const exec = async (argv: readonly string[], { env }: ExecOptions = {}): Promise<ExecResult> => {
    called.push({ argv, env });
    const after = (option: string) => argv[argv.indexOf(option) + 1] ?? '';
    if (argv.includes('--report')) writeFileSync(after('--report'), JSON.stringify({ install: chosen }));
    if (argv.includes('--require-hashes')) requirements = readFileSync(after('--requirement'), 'utf8');
    if (argv.includes('--require-hashes')) return install;
    return argv.includes('-c') && argv.length > 4 ? good(JSON.stringify(report)) : good();
  };
  return { exec, called, requirements: () => requirements };
}

const context = (stand = standIn()) => virtualContext<InstallCheckState>({ exec: stand.exec });
const config = () => ({ project: 'demo_pkg', version: 'v1.4', index: index.url });

test('the files that pip chose are installed by their hashes, and the environment is removed', async () => {
  const stand = standIn();
  const given = context(stand);
  expect(await installCheck.run({ ...config(), scripts: { demo: ['--version'] } }, given)).toEqual({
    version: '1.4.0',
    modules: ['demo_pkg'],
    scripts: ['demo'],
    packages: { 'Demo.Pkg': '1.4.0', dep: '2.0' },
  });
  expect(stand.requirements().split('\n')).toEqual([`Demo.Pkg==1.4.0 --hash=sha256:${a}`, `dep==2.0 --hash=sha256:${c}`]);
  expect(stand.called.at(-1)?.argv.slice(-1)).toEqual(['--version']);
  expect(existsSync(given.states[0]?.folder ?? '')).toBe(false);
});

test('teardown removes the environment of a killed run, and may be called again', async () => {
  using left = scratchFolder();
  mkdirSync(join(left.path, 'environment'));
  const given = virtualContext<InstallCheckState, never>({ saved: { folder: join(left.path, 'environment') } });
  expect(installCheck.teardown?.scope).toBe('step');
  await installCheck.teardown?.run(config(), given);
  await installCheck.teardown?.run(config(), given);
  await installCheck.teardown?.run(config(), virtualContext<InstallCheckState, never>());
  expect(readdirSync(left.path)).toEqual([]);
});

test('a password of the index is only in the environment of pip', async () => {
  const stand = standIn();
  const url = index.url.replace('http://', 'http://me:s3cret@');
  await installCheck.run({ ...config(), index: url }, context(stand));
  expect(stand.called.flatMap(({ argv }) => argv).join(' ')).not.toContain('s3cret');
  expect(stand.called.find(({ argv }) => argv.includes('--report'))?.env?.['PIP_INDEX_URL']).toBe(`${url}/`);
});

describe('refused installations', () => {
  const inspecting = (part: object) => ({ report: { ...inspected, ...part } });
  test.each([
    ['PYPI_HASH_MISMATCH', { chosen: [one('demo-pkg', '1.4.0', c)] }],
    ['PYPI_HASH_MISSING', { chosen: [one('demo-pkg', '1.4.0')] }],
    ['PYPI_INSTALL_FAILED', { install: { code: 1, stdout: '', stderr: 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES' } }],
    ['PYPI_INSTALLED_VERSION_MISMATCH', inspecting({ version: '1.3.0' })],
    ['PYPI_INSTALLED_VERSION_MISMATCH', inspecting({ modules: [{ name: 'demo_pkg', error: null, version: '1.3' }] })],
    ['PYPI_IMPORT_FAILED', inspecting({ modules: [{ name: 'demo_pkg', error: "ModuleNotFoundError: No module named 'x'", version: null }] })],
    ['PYPI_IMPORT_FAILED', inspecting({ modules: [] })],
    ['PYPI_SCRIPT_BROKEN', inspecting({ scripts: [{ name: 'demo', error: null, exists: false }] })],
  ])('the environment is removed after %s, too', async (code, given) => {
    const run = context(standIn(given));
    await expect(installCheck.run(config(), run)).rejects.toMatchObject({ code });
    expect(run.states).toHaveLength(1);
    expect(existsSync(run.states[0]?.folder ?? '')).toBe(false);
  });

  test('a version that is not listed yet is retried, and no environment is created', async () => {
    const run = context();
    await expect(installCheck.run({ ...config(), version: '9' }, run)).rejects.toMatchObject({ code: 'PYPI_NOT_VISIBLE', retryable: true });
    expect(run.states).toEqual([]);
  });

  test('verify refuses a file of another release', async () => {
    expect(await installCheck.verify?.({ ...config(), files: { 'other-1.4.0.tar.gz': a } }, context())).toMatchObject([
      { level: 'error', code: 'PYPI_FILE_NAME_MISMATCH', message: containing('other-1.4.0.tar.gz') },
    ]);
  });
});

test('verify passes when the files are known only after the build', async () => {
  expect(await installCheck.verify?.({ ...config(), files: { $later: 'steps.build.outputs.files' } }, context())).toEqual([]);
});
