import { expect, test } from 'vitest';
import { releaseOfFile } from '../../src/names/release.ts';

test.each([
  ['demo_pkg-1.4.0-py3-none-any.whl', 'demo-pkg', '1.4'],
  ['demo.pkg-1.4.0-2-cp312-cp312-manylinux_2_17_x86_64.whl', 'demo-pkg', '1.4'],
  ['demo_pkg-1.4.0+cu_121-py3-none-any.whl', 'demo-pkg', '1.4+cu.121'],
  ['demo_pkg-1.4.0rc1.tar.gz', 'demo-pkg', '1.4rc1'],
  ['Demo-Pkg-1.4.0.zip', 'demo-pkg', '1.4'],
  ['demo-pkg-1.4.0-1.tar.gz', 'demo-pkg', '1.4.post1'],
])('the file %s belongs to the release %s %s', (filename, project, version) => {
  expect(releaseOfFile(filename)).toEqual({ project, version });
});

test.each([
  'demo-1.4.0.whl',
  'demo.tar.gz',
  'demo-1.4.0.exe',
  'demo-1.4.0-py3-none-any.whl.metadata',
  'demo-latest.tar.gz',
  '',
])('%j is not the name of a release file', (filename) => {
  expect(releaseOfFile(filename)).toBeUndefined();
});
