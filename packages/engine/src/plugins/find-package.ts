import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gitRoot, relpipeFolderIn } from '../util/relpipe-folder.ts';

export interface FoundPackage {
  readonly name: string;
  readonly version: string;
  /** URL to import. */
  readonly entry: string;
}

/**
 * Finds an installed package: in `node_modules` from `folder` upwards, as Node does, else in `.relpipe/node_modules`
 * at the root of the git repository.
 */
export async function findPackage(name: string, folder: string): Promise<FoundPackage | undefined> {
  // A relative path or a URL would leave node_modules.
  if (!packageName.test(name)) return undefined;
  const home = placesFor(name, folder).find((place) => existsSync(join(place, name, 'package.json')));
  if (home === undefined) return undefined;
  const root = join(home, name);
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const entry = entryOf(manifest.exports) ?? manifest.main ?? 'index.js';
  return { name, version: manifest.version ?? '0.0.0', entry: pathToFileURL(join(root, entry)).href };
}

/** The names that npm allows; none of them leads out of `node_modules`. */
export const packageName = /^(@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*$/;

interface Manifest {
  readonly version?: string;
  readonly main?: string;
  readonly exports?: Exports;
}
type Exports = string | null | readonly Exports[] | { readonly [condition: string]: Exports };

function placesFor(name: string, folder: string): string[] {
  const asNode = createRequire(join(folder, 'release.pipeline.yaml')).resolve.paths(name) ?? [];
  const root = gitRoot(folder);
  return root === undefined ? asNode : [...asNode, join(relpipeFolderIn(root), 'node_modules')];
}

/** The conditions of an `import`; the package decides about their order: https://nodejs.org/api/packages.html#conditional-exports */
const conditions = new Set(['import', 'node', 'module-sync', 'default', ...process.execArgv.flatMap(ownCondition)]);

function ownCondition(argument: string): string[] {
  const [, name] = /^(?:--conditions|-C)=(.+)$/.exec(argument) ?? [];
  return name === undefined ? [] : [name];
}

function entryOf(exports: Exports | undefined): string | undefined {
  if (typeof exports === 'string') return exports;
  if (exports === undefined || exports === null) return undefined;
  if (Array.isArray(exports)) return exports.map(entryOf).find((entry) => entry !== undefined);
  for (const [key, target] of Object.entries(exports)) {
    if (key !== '.' && !conditions.has(key)) continue;
    const entry = entryOf(target);
    if (entry !== undefined) return entry;
  }
  return undefined;
}
