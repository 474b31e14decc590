import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { countTests } from './count-tests.ts';

/**
 * Ends every run with one plain line of counts, before it what skipped tests say is missing, each sentence once. A run in which no
 * test ran fails: it proved nothing.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const { passed, failed, skipped } = countTests(modules, unhandled);
    if (passed + failed === 0) process.exitCode = 1;
    for (const sentence of new Set(modules.flatMap(whatIsMissing))) console.log(`skipped: ${sentence}`);
    console.log(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}

/** Set by `needing` in packages/testing/src/real-servers.ts. */
function whatIsMissing(module: TestModule): readonly string[] {
  return [...module.children.allTests('skipped')].flatMap((test) => test.meta().missing?.split('\n') ?? []);
}
