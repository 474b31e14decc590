import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { decideAnew } from '../../packages/engine/test/run/golden/decide-anew.ts';
import type { statusOf } from '../../packages/engine/test/run/golden/status-of.ts';
import type { Mutant } from './find-mutants.ts';

/** The core and the readers of a run, as built with one change. */
export interface BuiltCore {
  readonly decideAnew: typeof decideAnew;
  readonly statusOf: typeof statusOf;
}

const root = join(import.meta.dirname, '../..');
const golden = join(root, 'packages/engine/test/run/golden');
const entry = `
  export { decideAnew } from ${JSON.stringify(join(golden, 'decide-anew.ts'))};
  export { statusOf } from ${JSON.stringify(join(golden, 'status-of.ts'))};
`;

/** Builds in memory, with the mutated source in place of its file, and loads what was built. */
export async function buildCore(mutant?: Mutant): Promise<BuiltCore> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    conditions: ['relpipe-source'],
    banner: { js: 'const require = process.getBuiltinModule;' },
    plugins: [
      {
        name: 'mutant',
        setup: (hooks) =>
          hooks.onLoad({ filter: /run\/core\/decide\/.*\.ts$/ }, ({ path }) => ({
            contents: mutant !== undefined && path === mutant.file ? mutant.mutated : readFileSync(path, 'utf8'),
            loader: 'ts',
          })),
      },
    ],
  });
  const code = outputFiles[0]?.text ?? '';
  return (await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)) as BuiltCore;
}
