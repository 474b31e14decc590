import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const own = join(import.meta.dirname, '..');

test('the README lists every error code of the sources, and no other', () => {
  const sources = globSync('src/**/*.ts', { cwd: own }).map((file) => readFileSync(join(own, file), 'utf8'));
  const thrown = new Set(sources.flatMap((text) => [...text.matchAll(/(?<!env\[)'(DOCKER_[A-Z_]+)'[,\]]/g)].map(([, code]) => code)));
  const errors = readFileSync(join(own, 'README.md'), 'utf8').split('## Errors')[1] ?? '';
  const listed = new Set([...errors.matchAll(/`(DOCKER_[A-Z_]+)`/g)].map(([, code]) => code));
  expect([...listed].toSorted()).toEqual([...thrown].toSorted());
});
