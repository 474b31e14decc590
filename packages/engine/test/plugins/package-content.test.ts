import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageContent } from '../../src/plugins/package-content.ts';

function packageOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'relpipe-content-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  write(root, { 'package.json': '{ "name": "x", "version": "1.0.0", "main": "index.js" }', 'index.js': 'one', 'lib/a.js': 'a', ...files });
  return root;
}

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

test.each<[what: string, change: (root: string) => void]>([
  ['a changed file', (root) => write(root, { 'index.js': 'two' })],
  ['a changed file further down', (root) => write(root, { 'lib/a.js': 'b' })],
  ['a further file', (root) => write(root, { 'lib/b.js': 'b' })],
  ['a file that is gone', (root) => rmSync(join(root, 'lib/a.js'))],
  ['a renamed file', (root) => renameSync(join(root, 'lib/a.js'), join(root, 'lib/b.js'))],
  ['text that moves from one file to another', (root) => write(root, { 'index.js': 'on', 'lib/a.js': 'ea' })],
  ['another entry', (root) => write(root, { 'package.json': '{ "name": "x", "version": "1.0.0", "main": "lib/a.js" }' })],
])('%s makes another content of a package', (_, change) => {
  const root = packageOf({});
  const before = packageContent(root);
  change(root);
  expect(packageContent(root)).not.toBe(before);
});

test.each<[what: string, change: (root: string) => void]>([
  ['its dependencies', (root) => write(root, { 'node_modules/y/index.js': 'y' })],
  ['its texts and source maps', (root) => write(root, { 'README.md': 'x', 'index.js.map': '{}' })],
  ['hidden files', (root) => write(root, { '.git/HEAD': 'x', '.relpipe/journal.db': 'x' })],
  ['what a package manager adds to its package.json', (root) => write(root, { 'package.json': '{ "version": "1.0.0", "main": "index.js", "_resolved": "http://x" }' })],
  ['a link to one of its folders', (root) => symlinkSync(root, join(root, 'self'))],
])('the content of a package does not depend on %s', (_, change) => {
  const root = packageOf({});
  const before = packageContent(root);
  change(root);
  expect(packageContent(root)).toBe(before);
});

test('the content of a package is the same in another place', () => {
  const root = packageOf({});
  const copy = packageOf({});
  cpSync(root, copy, { recursive: true });
  expect(packageContent(copy)).toBe(packageContent(root));
});

test('only what a package publishes is its content, so that a linked folder may contain tests', () => {
  const published = { 'package.json': '{ "files": ["lib/**/*.js", "!lib/a.test.js", "missing"] }' };
  const root = packageOf(published);
  const before = packageContent(root);
  write(root, { 'test/a.test.js': 'x' });
  expect(packageContent(root)).toBe(before);
  write(root, { 'lib/deep/b.js': 'x' });
  expect(packageContent(root)).not.toBe(before);
});
