import type { Options } from 'tsup';
import { writeLicences } from './scripts/write-licences.ts';

/** Sources by the path of their output in `dist`, without its extension. */
type Entries = Record<string, string>;

/** CommonJS that is bundled into ESM asks for Node's own modules through `require`. */
const requireOfNode = 'const require = process.getBuiltinModule;';

/**
 * How every package is built: ESM into `dist`, and each dynamic import a chunk of its own, read only when it is used, because
 * start-up time is a feature. For the same reason `bundled` dependencies, which every start needs, are part of the build: finding
 * their hundreds of small files takes longer than running them. All others are left to npm. Doors are imported by others and get
 * declarations when the package is packed; programs are only run. Building removes nothing, so that a relpipe at work keeps its
 * chunks; packing starts clean.
 */
export function esmPackage(doors: Entries, programs: Entries = {}, bundled: readonly string[] = []): Options {
  return {
    noExternal: bundled.map((name) => new RegExp(`^${name}(/|$)`)),
    banner: { js: requireOfNode },
    entry: { ...doors, ...programs },
    dts: { entry: doors },
    format: 'esm',
    target: 'node22',
    platform: 'node',
    splitting: true,
    // `node:sqlite` has no other name.
    removeNodeProtocol: false,
    sourcemap: false,
    minify: false,
    silent: true,
    onSuccess: () => (bundled.length > 0 ? writeLicences(bundled, 'dist/bundled-licences.txt') : Promise.resolve()),
  };
}
