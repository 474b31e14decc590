import { defineConfig } from 'vitest/config';

const conditions = ['relpipe-source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', './scripts/closing-line.ts'],
    pool: 'forks',
    testTimeout: 20_000,
  },
});
