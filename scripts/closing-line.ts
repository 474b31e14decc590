import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Ends every run with one plain line of counts, and fails a run in which no test ran: it proved nothing.
 * A file or suite that broke outside its tests counts as one failure, and so does an error nobody awaited.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
      for (const broken of [module, ...module.children.allSuites()]) counts.failed += broken.errors().length;
    }
    if (counts.passed + counts.failed === 0) process.exitCode = 1;
    const skipped = counts.skipped + counts.pending;
    console.log(`tests: ${counts.passed} passed, ${counts.failed} failed, ${skipped} skipped`);
  }
}
