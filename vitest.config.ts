import { defineConfig } from 'vitest/config';
import engine from './packages/engine/package.json' with { type: 'json' };

const conditions = ['relpipe-source'];

export default defineConfig({
  define: { RELPIPE_VERSION: JSON.stringify(engine.version) },
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './scripts/closing-line.ts'],
    pool: 'forks',
    // A limit for what hangs, not for what is slow: many tests start the real program, on machines that do other work too.
    testTimeout: 60_000,
  },
});
