import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
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
    format: 'cjs',
    platform: 'node',
    logLevel: 'error',
    conditions: ['relpipe-source'],
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
  return load(outputFiles[0]?.text ?? '');
}

/** As a function and not by `import`, which keeps every module in memory until the process ends. */
function load(code: string): BuiltCore {
  const module = { exports: {} };
  const run = compileFunction(code, ['module', 'exports', 'require']) as (...given: readonly unknown[]) => void;
  run(module, module.exports, createRequire(import.meta.url));
  return module.exports as BuiltCore;
}
