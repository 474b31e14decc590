import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { journalFileIn, makeRelpipeFolder, rootAround } from '../../src/util/relpipe-folder.ts';
import { temporaryFolder } from '../run/local/local-fixture.ts';

test('outside of git, the journal is where the command was typed, or beside a file that is elsewhere', () => {
  const [typed, elsewhere] = [temporaryFolder(), temporaryFolder()];
  expect(rootAround(join(typed, 'deploy'), typed)).toBe(typed);
  expect(rootAround(elsewhere, typed)).toBe(elsewhere);
});

test('the journal is at the root of the git repository, ignored by git', () => {
  const root = temporaryFolder();
  const inside = join(root, 'deploy', 'here');
  mkdirSync(inside, { recursive: true });
  mkdirSync(join(root, '.git'));
  expect(journalFileIn(makeRelpipeFolder(rootAround(inside, root)))).toBe(join(root, '.relpipe', 'journal.db'));
  expect(readFileSync(join(root, '.relpipe', '.gitignore'), 'utf8')).toBe('*\n');
});
