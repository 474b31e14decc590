import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

/** The file that `relpipe-router` runs: its source beside sources, as in tests, else what was built of it. */
export function routerProgram(): string {
  const manifest = findPackageJSON(import.meta.url);
  if (manifest === undefined) throw new Error(`${import.meta.url} belongs to no package.`);
  return join(dirname(manifest), import.meta.url.endsWith('.ts') ? 'src/router/bin.ts' : 'dist/router/bin.js');
}
