import { describe, expect, test } from 'vitest';
import { checkMetadata } from '../../src/build/check-metadata.ts';

const [wheel, sdist] = ['demo_pkg-1.4.0-py3-none-any.whl', 'demo_pkg-1.4.0.tar.gz'] as const;
const fields = (more: readonly [string, string][] = []): [string, string][] => [
  ['Metadata-Version', '2.4'],
  ['Name', 'Demo.Pkg'],
  ['Version', '1.4.0'],
  ['Requires-Python', '>=3.9,<4'],
  ['Classifier', 'Development Status :: 5 - Production/Stable'],
  ['Classifier', 'Typing :: Typed'],
  ...more,
];
const both = { [wheel]: fields(), [sdist]: fields() };
const wanted = { project: 'demo-pkg', version: 'v1.4' };

test('what was asked for is found in any spelling, and a field that stands several times in any of them', () => {
  const metadata = { 'requires-python': '<4, >=3.9', Classifier: 'Typing :: Typed' };
  expect(checkMetadata({ ...wanted, metadata }, both)).toEqual({ name: 'Demo.Pkg', version: '1.4.0' });
});

describe('refused', () => {
  test('all differences of all files at once', () => {
    const run = () => checkMetadata({ project: 'demo', version: '1.5', metadata: { 'License-Expression': 'MIT' } }, both);
    for (const part of [`Name of ${wheel} is Demo.Pkg, and not demo`, `Version of ${sdist} is 1.4.0, and not 1.5`, `License-Expression of ${sdist} is missing`])
      expect(run).toThrow(part);
  });

  test('a wheel that says other than the sdist', () => {
    const changed = { ...both, [sdist]: fields().map(([name, value]): [string, string] => [name, name === 'Version' ? '1.3.0' : value]) };
    expect(() => checkMetadata(wanted, changed)).toThrow(`Version of ${sdist} is 1.3.0, and not v1.4`);
  });

  test('a format that is missing', () => {
    expect(() => checkMetadata(wanted, { [sdist]: fields() })).toThrow('The build gave no wheel.');
    expect(checkMetadata({ ...wanted, formats: ['sdist'] }, { [sdist]: fields() })).toMatchObject({ version: '1.4.0' });
  });
});
