import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { relpipeIn } from '@relpipe/testing/relpipe-folder';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { expect, test } from 'vitest';

const examples = resolve(import.meta.dirname, '../../examples/pipelines');
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.pipeline.yaml')).sort();

test('there are examples of all kinds', () => {
  expect(files.map((file) => file.split('/')[0])).toEqual(expect.arrayContaining(['compose-service', 'gateway-canary', 'package-and-image', 'python-package', 'quickstart', 'weighted-api']));
});

test.concurrent.each(files)('%s has no errors', async (file) => {
  using folder = scratchFolder();
  const text = readFileSync(join(examples, file), 'utf8');
  const { exitCode, all } = await relpipeIn(folder.path, { 'release.pipeline.yaml': text })('validate');
  expect({ exitCode, saysSo: all.includes('no errors') }, all).toEqual({ exitCode: 0, saysSo: true });
});

test('the table of examples names every example, and no other file', () => {
  const table = readFileSync(join(examples, 'README.md'), 'utf8');
  const named = [...table.matchAll(/\]\(([\w-]+\/[\w.-]+\.pipeline\.yaml)\)/g)].map(([, file]) => file);
  expect(named.toSorted()).toEqual(files);
});
