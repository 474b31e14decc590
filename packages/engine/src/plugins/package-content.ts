import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from './definition-problems.ts';

/**
 * What identifies an installed package whatever its version says: SHA-256 over the files that it publishes. Its dependencies are not part of
 * it, and neither are texts for people and source maps. Of its package.json only what decides which file is imported: package managers
 * rewrite the rest.
 */
export function packageContent(root: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { files, type, main, exports, imports } = isObject(manifest) ? manifest : {};
  const content = createHash('sha256').update(JSON.stringify({ type, main, exports, imports }));
  for (const file of filesOf(root, files, main)) content.update(`\n${file}\n`).update(readFileSync(join(root, file)));
  return content.digest('hex');
}

/** What `files` of the package.json names, and its entry, which npm adds; without `files` everything. Of a pattern, all of its folder. */
function filesOf(root: string, files: unknown, main: unknown): readonly string[] {
  const named = Array.isArray(files) ? [...(files as readonly unknown[]), main].filter((file) => typeof file === 'string' && !file.startsWith('!')) : [''];
  const found = named.flatMap((file) => filesBelow(root, String(file).replace(/(^|\/)[^/]*[*?[{].*$/, '')));
  return [...new Set(found)].sort();
}

const isLeftOut = (name: string): boolean => name === 'node_modules' || name === 'package.json' || name.startsWith('.') || /\.(md|map)$/i.test(name);

function filesBelow(root: string, path: string): readonly string[] {
  const entry = statSync(join(root, path), { throwIfNoEntry: false });
  if (entry?.isDirectory() !== true) return entry?.isFile() ? [path] : [];
  // A link to a folder may lead back into it.
  const entries = readdirSync(join(root, path), { withFileTypes: true }).filter(({ name }) => !isLeftOut(name));
  return entries.flatMap((one) => (one.isSymbolicLink() && isFolder(join(root, path, one.name)) ? [] : filesBelow(root, join(path, one.name))));
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
