import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { notBuiltYet as commandsNotBuilt } from '../../src/cli/main.ts';
import { notImplemented as keysNotBuilt } from '../../src/validate/structure/suggestions.ts';
import { readTutorial } from './tutorial.ts';

const repository = join(import.meta.dirname, '../../../..');
const readme = await readFile(join(repository, 'README.md'), 'utf8');

test('the file that the README shows is the file of the quickstart', async () => {
  const [shown] = await readTutorial(join(repository, 'README.md'));
  expect(shown).toMatchObject({ kind: 'file', path: 'examples/pipelines/quickstart/release.pipeline.yaml' });
  if (shown?.kind === 'file') expect(shown.text).toBe(await readFile(join(repository, shown.path), 'utf8'));
});

test('the README names every key and command that is not built yet, and no other', () => {
  const [, list = ''] = /^- Not built, and refused by name:(.*?)^- /ms.exec(readme) ?? [];
  const named = [...list.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  expect(named.toSorted()).toEqual([...keysNotBuilt, ...commandsNotBuilt].toSorted());
});
