import { describe, expect, test } from 'vitest';
import { containing } from '../../../../test/support/containing.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { chooseRollback } from '../../src/choose-rollback/choose-rollback.ts';
import { startIndex } from '../support/start-index.ts';

const sha256 = 'a'.repeat(64);
const file = (version: string, yanked?: string) => ({
  filename: `demo_pkg-${version}-py3-none-any.whl`,
  sha256,
  ...(yanked !== undefined && { yanked }),
});
const listed = [file('1.9.0'), file('1.10.0'), file('1.11.0', 'leaks'), file('1.12rc1'), file('1.12.0'), file('2.0.0'), file('1.11.1.dev3')];
const indexOf = (...files: ReturnType<typeof file>[]) => startIndex(() => ({ 'demo-pkg': files }));
const from = (version: string, index: string, target?: string) => ({
  project: 'Demo_Pkg',
  version,
  index,
  ...(target !== undefined && { target }),
});

test.each([
  ['1.12.0', '1.10.0'],
  ['1.10.0', '1.9.0'],
  ['3.0', '2.0.0'],
  ['v1.12', '1.10.0'],
])('from %s the way back is %s: stable, not yanked, in the order of PEP 440', async (version, target) => {
  await using index = await indexOf(...listed);
  expect(await chooseRollback.run(from(version, index.url), virtualContext())).toEqual({
    version: target,
    files: { [`demo_pkg-${target}-py3-none-any.whl`]: sha256 },
  });
});

test('a version that is yanked in part is not chosen', async () => {
  await using index = await indexOf(file('1.0'), file('1.1'), { ...file('1.1', 'broken'), filename: 'demo_pkg-1.1.tar.gz' });
  expect(await chooseRollback.run(from('2', index.url), virtualContext())).toMatchObject({ version: '1.0' });
});

test('a named target that is fit is taken', async () => {
  await using index = await indexOf(...listed);
  expect(await chooseRollback.run(from('2.0.0', index.url, '1.9'), virtualContext())).toMatchObject({ version: '1.9.0' });
});

describe('refused', () => {
  test.each([
    ['PYPI_TARGET_MISSING', '1.8', 'demo-pkg 1.8 is not on the index.'],
    ['PYPI_TARGET_NEWER', '2.0.0', '2.0.0 is not older than 1.12'],
    ['PYPI_TARGET_NEWER', '1.12', '1.12.0 is not older than 1.12'],
    ['PYPI_TARGET_PRERELEASE', '1.12rc1', '1.12rc1 is a pre-release.'],
    ['PYPI_TARGET_PRERELEASE', '1.11.1.dev3', 'pre-release'],
    ['PYPI_TARGET_YANKED', '1.11', '1.11.0 has been yanked: leaks.'],
    ['PYPI_VERSION_INVALID', 'latest', 'latest'],
  ])('%s: %s', async (code, target, message) => {
    await using index = await indexOf(...listed);
    const run = chooseRollback.run(from('1.12.0', index.url, target), virtualContext());
    await expect(run).rejects.toMatchObject({ code, message: containing(message) });
  });

  test('when nothing is left, with what was passed over', async () => {
    await using index = await indexOf(file('1.0'), file('0.9', ''), file('0.8b1'));
    await expect(chooseRollback.run(from('1.0', index.url), virtualContext())).rejects.toMatchObject({
      code: 'PYPI_NO_TARGET',
      message: 'demo-pkg has no version to go back to from 1: 0.9 is yanked, 0.8b1 is a pre-release.',
    });
  });

  test('a project the index does not know', async () => {
    await using index = await indexOf();
    const run = chooseRollback.run({ project: 'other', version: '1', index: index.url }, virtualContext());
    await expect(run).rejects.toMatchObject({ code: 'PYPI_PROJECT_MISSING' });
  });
});

describe('before the run', () => {
  const found = (config: Parameters<NonNullable<typeof chooseRollback.verify>>[0]) => chooseRollback.verify?.(config, virtualContext());

  test('a target that is not fit is refused', async () => {
    await using index = await indexOf(...listed);
    expect(await found(from('1.12.0', index.url, '1.11'))).toMatchObject([{ level: 'error', code: 'PYPI_TARGET_YANKED' }]);
  });

  test('that there is no way back is told, and does not keep anybody from a first release', async () => {
    await using index = await indexOf(file('1.0'));
    expect(await found(from('1.0', index.url))).toMatchObject([{ level: 'warning', code: 'PYPI_NO_TARGET' }]);
    expect(await found({ project: 'new', version: '1', index: index.url })).toMatchObject([{ level: 'warning', code: 'PYPI_PROJECT_MISSING' }]);
  });

  test('what is only known later is not checked', async () => {
    expect(await found({ project: 'demo-pkg', version: { $later: 'x' } })).toMatchObject([{ level: 'warning', code: 'PYPI_NOT_CHECKED' }]);
  });
});
