import { describe, expect, test } from 'vitest';
import { checkMetadata } from '../../src/build/metadata.ts';

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

test('metadata matches in any spelling, and a field that appears several times matches by any of its values', () => {
  const metadata = { 'requires-python': '<4, >=3.9', Classifier: 'Typing :: Typed' };
  expect(checkMetadata({ ...wanted, metadata }, both)).toEqual({ name: 'Demo.Pkg', version: '1.4.0' });
});

describe('mismatches', () => {
  test('all differences of all files are reported at once', () => {
    const run = () => checkMetadata({ project: 'demo', version: '1.5', metadata: { 'License-Expression': 'MIT' } }, both);
    for (const part of [`Name of ${wheel} is Demo.Pkg, expected demo`, `Version of ${sdist} is 1.4.0, expected 1.5`, `License-Expression of ${sdist} is missing, expected MIT`])
      expect(run).toThrow(part);
  });

  test('a wheel whose version differs from that of the sdist is refused', () => {
    const changed = { ...both, [sdist]: fields().map(([name, value]): [string, string] => [name, name === 'Version' ? '1.3.0' : value]) };
    expect(() => checkMetadata(wanted, changed)).toThrow(`Version of ${sdist} is 1.3.0, expected v1.4`);
  });

  test('a missing format is refused, unless it was not asked for', () => {
    expect(() => checkMetadata(wanted, { [sdist]: fields() })).toThrow('The build produced no wheel.');
    expect(checkMetadata({ ...wanted, formats: ['sdist'] }, { [sdist]: fields() })).toMatchObject({ version: '1.4.0' });
  });
});
