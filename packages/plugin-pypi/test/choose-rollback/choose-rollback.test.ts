import { containing } from '@relpipe/testing/matchers';
import { virtualContext } from '@relpipe/testing/step-context';
import { describe, expect, test } from 'vitest';
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
])('the rollback target of %s is %s: the newest stable version before it that is not yanked', async (version, target) => {
  await using index = await indexOf(...listed);
  expect(await chooseRollback.run(from(version, index.url), virtualContext())).toEqual({
    version: target,
    files: { [`demo_pkg-${target}-py3-none-any.whl`]: sha256 },
  });
});

test('a version of which one file is yanked is not chosen', async () => {
  await using index = await indexOf(file('1.0'), file('1.1'), { ...file('1.1', 'broken'), filename: 'demo_pkg-1.1.tar.gz' });
  expect(await chooseRollback.run(from('2', index.url), virtualContext())).toMatchObject({ version: '1.0' });
});

test('a build with a local label is chosen only by its name', async () => {
  await using index = await indexOf(file('1.2.0'), file('1.3.0+cu118'));
  expect(await chooseRollback.run(from('1.4.0', index.url), virtualContext())).toMatchObject({ version: '1.2.0' });
  expect(await chooseRollback.run(from('1.4.0', index.url, '1.3.0+cu118'), virtualContext())).toMatchObject({ version: '1.3.0+cu118' });
  await using lone = await indexOf(file('1.3.0+cu118'));
  await expect(chooseRollback.run(from('1.4.0', lone.url), virtualContext())).rejects.toMatchObject({ message: containing('only as `target`') });
});

test('a suitable named target is accepted', async () => {
  await using index = await indexOf(...listed);
  expect(await chooseRollback.run(from('2.0.0', index.url, '1.9'), virtualContext())).toMatchObject({ version: '1.9.0' });
});

describe('refused targets', () => {
  test.each([
    ['PYPI_TARGET_NOT_FOUND', '1.8', 'demo-pkg 1.8 is not on the index.'],
    ['PYPI_TARGET_NEWER', '2.0.0', '2.0.0 is not older than 1.12.0,'],
    ['PYPI_TARGET_NEWER', '1.12', '1.12.0 is not older than 1.12.0,'],
    ['PYPI_TARGET_PRERELEASE', '1.12rc1', '1.12rc1 is a pre-release.'],
    ['PYPI_TARGET_PRERELEASE', '1.11.1.dev3', 'pre-release'],
    ['PYPI_TARGET_YANKED', '1.11', '1.11.0 was yanked: leaks.'],
    ['PYPI_VERSION_INVALID', 'latest', 'latest'],
  ])('%s refuses the target %s', async (code, target, message) => {
    await using index = await indexOf(...listed);
    const run = chooseRollback.run(from('1.12.0', index.url, target), virtualContext());
    await expect(run).rejects.toMatchObject({ code, message: containing(message) });
  });

  test('when there is no suitable version, the error lists the unsuitable ones', async () => {
    await using index = await indexOf(file('1.0'), file('0.9', ''), file('0.8b1'));
    await expect(chooseRollback.run(from('1.0', index.url), virtualContext())).rejects.toMatchObject({
      code: 'PYPI_NO_ROLLBACK_TARGET',
      message: 'demo-pkg 1.0 has no version to roll back to: 0.9 is yanked, 0.8b1 is a pre-release.',
    });
  });

  test('a project that the index does not know is refused', async () => {
    await using index = await indexOf();
    const run = chooseRollback.run({ project: 'other', version: '1', index: index.url }, virtualContext());
    await expect(run).rejects.toMatchObject({ code: 'PYPI_PROJECT_NOT_FOUND' });
  });
});

describe('before the run', () => {
  const found = (config: Parameters<NonNullable<typeof chooseRollback.verify>>[0]) => chooseRollback.verify?.(config, virtualContext());

  test('verify refuses an unsuitable target', async () => {
    await using index = await indexOf(...listed);
    expect(await found(from('1.12.0', index.url, '1.11'))).toMatchObject([{ level: 'error', code: 'PYPI_TARGET_YANKED' }]);
  });

  test('verify only warns when there is no rollback target, because every project has a first release', async () => {
    await using index = await indexOf(file('1.0'));
    expect(await found(from('1.0', index.url))).toMatchObject([{ level: 'warning', code: 'PYPI_NO_ROLLBACK_TARGET' }]);
    expect(await found({ project: 'new', version: '1', index: index.url })).toMatchObject([{ level: 'warning', code: 'PYPI_PROJECT_NOT_FOUND' }]);
  });

  test('verify does not check a version that is known only later', async () => {
    expect(await found({ project: 'demo-pkg', version: { $later: 'x' } })).toMatchObject([{ level: 'warning', code: 'PYPI_NOT_CHECKED' }]);
  });
});
