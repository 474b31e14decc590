import type { SerializedError, TestModule } from 'vitest/node';

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A file or suite that broke outside its tests counts as one failure, and so does an error nobody awaited. */
export function countTests(modules: readonly TestModule[], unhandled: readonly SerializedError[]): TestCounts {
  const counts = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) counts[test.result().state] += 1;
    for (const broken of [module, ...module.children.allSuites()]) counts.failed += broken.errors().length;
  }
  return { passed: counts.passed, failed: counts.failed, skipped: counts.skipped + counts.pending };
}
