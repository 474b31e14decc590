import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gitRoot, relpipeFolderIn } from '../util/relpipe-folder.ts';

export interface FoundPackage {
  readonly name: string;
  readonly version: string;
  /** Where it is installed. */
  readonly root: string;
  /** URL to import. */
  readonly entry: string;
  /** The version ranges that it declares: of relpipe as a peer, and of Node.js. */
  readonly needs: { readonly relpipe: string | undefined; readonly node: string | undefined };
}

/**
 * Finds an installed package: in `node_modules` from `folder` upwards, as Node does, else in `.relpipe/node_modules` at the root of the git
 * repository, else beside the engine that runs, where `npx -p relpipe -p PLUGIN`, `npm install --global` and `pnpm dlx` put it.
 */
export async function findPackage(name: string, folder: string, engine = runningEngine()): Promise<FoundPackage | undefined> {
  // A relative path or a URL would leave node_modules.
  if (!packageName.test(name)) return undefined;
  const home = placesFor(name, folder, engine).find((place) => existsSync(join(place, name, 'package.json')));
  if (home === undefined) return undefined;
  const root = join(home, name);
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const entry = entryOf(manifest.exports) ?? manifest.main ?? 'index.js';
  const needs = { relpipe: manifest.peerDependencies?.['relpipe'], node: manifest.engines?.['node'] };
  return { name, version: manifest.version ?? '0.0.0', root, entry: pathToFileURL(join(root, entry)).href, needs };
}

/** The names that npm allows; none of them leads out of `node_modules`. */
export const packageName = /^(@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*$/;

interface Manifest {
  readonly version?: string;
  readonly main?: string;
  readonly exports?: Exports;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
}
type Exports = string | null | readonly Exports[] | { readonly [condition: string]: Exports };

function placesFor(name: string, folder: string, engine: readonly string[]): readonly string[] {
  const asNode = (file: string): readonly string[] => createRequire(file).resolve.paths(name) ?? [];
  const root = gitRoot(folder);
  const ofRepository = root === undefined ? [] : [join(relpipeFolderIn(root), 'node_modules')];
  return [...asNode(join(folder, 'release.pipeline.yaml')), ...ofRepository, ...engine.flatMap(asNode)];
}

/** The program as it was started, through the links of pnpm and of `.bin`, and where it really is. */
const runningEngine = (): readonly string[] => [...(process.argv[1] === undefined ? [] : [process.argv[1]]), fileURLToPath(import.meta.url)];

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
