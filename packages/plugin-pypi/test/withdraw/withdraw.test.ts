import { containing } from '@relpipe/testing/matchers';
import { relpipeIn } from '@relpipe/testing/relpipe-folder';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { secretOf, virtualContext } from '@relpipe/testing/step-context';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { howToWithdraw } from '../../src/withdraw/how-to-withdraw.ts';
import { remove } from '../../src/withdraw/remove.ts';
import { withdrawn } from '../../src/withdraw/withdrawn.ts';
import { readmePipeline } from '../support/sample-project.ts';
import { startPypi, type Pypi } from '../support/start-pypi.ts';

const [wheel, sdist, older] = ['demo_pkg-1.4.0-py3-none-any.whl', 'demo_pkg-1.4.0.tar.gz', 'demo_pkg-1.3.0.tar.gz'] as const;

let pypi: Pypi;
beforeEach(async () => {
  pypi = await startPypi();
  for (const name of [wheel, sdist, older]) pypi.files.set(name, { project: 'demo-pkg', sha256: 'a'.repeat(64), yanked: false });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await pypi[Symbol.asyncDispose]();
});

/** PyPI by its own name, with the stand-in behind it. */
const context = () =>
  virtualContext<never, never>({ fetch: (url, init) => fetch(typeof url === 'string' ? url.replace('https://pypi.org', pypi.url) : url, init) });
const release = { project: 'Demo_Pkg', version: 'v1.4', index: 'pypi' };
const yank = (reason: string) => [wheel, sdist].forEach((name) => Object.assign(pypi.files.get(name)!, { yanked: reason }));

describe('on PyPI, which has no API for it', () => {
  const page = 'https://pypi.org/manage/project/demo-pkg/release/1.4.0/';

  test('the instructions for a person name the exact page and the reason', async () => {
    const how = await howToWithdraw.run({ ...release, reason: 'it leaks' }, context());
    expect(how).toMatchObject({ 'by-api': false, 'by-person': true, page });
    expect(how.ask).toContain(`open ${page}, choose Options, Yank, and give this reason: it leaks`);
    expect(pypi.faults).toEqual([]);
  });

  test('a version that is gone or yanked already needs no person', async () => {
    yank('it leaks');
    const nobody = { 'by-api': false, 'by-person': false, ask: '', page: '' };
    expect(await howToWithdraw.run({ ...release, reason: 'again' }, context())).toEqual(nobody);
    expect(await howToWithdraw.run({ ...release, version: '9', reason: 'again' }, context())).toEqual(nobody);
  });

  test('pypi.remove refuses an index without an API, and names the page', async () => {
    await expect(remove.run({ ...release, token: secretOf('x') }, context())).rejects.toMatchObject({ code: 'PYPI_REMOVAL_UNSUPPORTED', hint: containing(page) });
    expect(await remove.preview?.(release, context())).toMatchObject({ change: containing(`has no API for that, so the step fails and names ${page}`) });
  });

  test('a version counts as withdrawn only when the index shows it for every file', async () => {
    Object.assign(pypi.files.get(wheel)!, { yanked: 'it leaks' });
    const given = context();
    await expect(withdrawn.run({ ...release, timeout: 2000 }, given)).rejects.toMatchObject({ code: 'PYPI_NOT_WITHDRAWN', message: containing(`still offers ${sdist}`) });
    expect(given.lines).toHaveLength(1);
    yank('it leaks');
    expect(await withdrawn.run(release, context())).toEqual({ found: 'yanked', reason: 'it leaks' });
    pypi.files.clear();
    expect(await withdrawn.run(release, context())).toEqual({ found: 'gone', reason: '' });
  });
});

describe('in a run', { timeout: 60_000 }, () => {
  const start = (folder: string) =>
    relpipeIn(folder, { 'release.pipeline.yaml': readmePipeline(1, { 'reason: "${{ inputs.reason }}"': `reason: "\${{ inputs.reason }}"\n          timeout: 10ms\n          index: "${pypi.simple}"` }) });

  test('a run waits for the person, verifies the withdrawal and continues', async () => {
    using folder = scratchFolder();
    const relpipe = start(folder.path);
    const asked = await relpipe('run', '--input', 'version=1.4.0', '--input', 'reason=it leaks', '--park-after', '0s');
    expect(asked, asked.all).toMatchObject({ exitCode: 75, all: containing('it leaks') });
    yank('it leaks');
    await relpipe('approve', '-m', 'done');
    const resumed = await relpipe('resume');
    expect(resumed, resumed.all).toMatchObject({ exitCode: 0, all: containing('yanked') });
  });

  test('a run does not accept an approval that the index contradicts', async () => {
    using folder = scratchFolder();
    const relpipe = start(folder.path);
    await relpipe('run', '--input', 'version=1.4.0', '--input', 'reason=it leaks', '--park-after', '0s');
    await relpipe('approve', '-m', 'done');
    const resumed = await relpipe('resume');
    expect(resumed, resumed.all).toMatchObject({ all: containing('PYPI_NOT_WITHDRAWN') });
    expect(resumed.exitCode).not.toBe(0);
  });
});
