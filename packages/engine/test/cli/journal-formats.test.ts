import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { folderWith, type Folder } from './relpipe-in-a-folder.ts';

/** A folder whose journal holds a run that a former format recorded, parked at an approval. */
async function parkedRunOf(format: number): Promise<Folder> {
  const folder = await folderWith({});
  await mkdir(join(folder.path, '.relpipe'));
  const fixture = fileURLToPath(new URL(`../fixtures/journal-format-${String(format)}/journal.db`, import.meta.url));
  await cp(fixture, join(folder.path, '.relpipe/journal.db'));
  return folder;
}

const effects = (folder: Folder): Promise<string> => readFile(join(folder.path, 'effects'), 'utf8');

test.each([1])('a run that format %i recorded is approved, goes on, and reads what was given then', async (format) => {
  const folder = await parkedRunOf(format);
  expect((await folder.relpipe('approve')).code).toBe(0);
  const { code, stdout, stderr } = await folder.relpipe('resume');
  expect(code, stdout + stderr).toBe(0);
  expect(await effects(folder)).toBe('shipped 3\n');
});

test.each([1])('a run that format %i recorded is taken back', async (format) => {
  const folder = await parkedRunOf(format);
  expect((await folder.relpipe('abort', '--reason', 'too old')).code).toBe(3);
  expect(await effects(folder)).toBe('undeployed\n');
});
