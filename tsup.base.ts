import type { Options } from 'tsup';

/** Sources by the path of their output in `dist`, without its extension. */
type Entries = Record<string, string>;

/**
 * How every package is built: ESM into `dist`, dependencies left to npm, and each dynamic import a chunk of its own,
 * read only when it is used, because start-up time is a feature. Doors are imported by others and get declarations
 * when the package is packed; programs are only run. Building removes nothing, so that a relpipe at work keeps its
 * chunks; packing starts clean.
 */
export function esmPackage(doors: Entries, programs: Entries = {}): Options {
  return {
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
  };
}
