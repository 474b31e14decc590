import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** The version of the package that the router ships with. */
export function routerVersion(): string {
  const path = findPackageJSON(import.meta.url);
  const manifest: unknown = path === undefined ? undefined : JSON.parse(readFileSync(path, 'utf8'));
  const isNamed = typeof manifest === 'object' && manifest !== null && 'version' in manifest && typeof manifest.version === 'string';
  return isNamed ? String(manifest.version) : 'unknown';
}

/** The file that `relpipe-router` runs: its source when this runs from sources, as in tests, else the built file. */
export function routerProgram(): string {
  const manifest = findPackageJSON(import.meta.url);
  if (manifest === undefined) throw new Error(`${import.meta.url} belongs to no package.`);
  return join(dirname(manifest), import.meta.url.endsWith('.ts') ? 'src/relpipe-router/bin.ts' : 'dist/router/bin.js');
}
