import { isAlive, readState } from '@relpipe/testing/servers/state';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';
import { countTests } from './count-tests.ts';

/** Ends a run against the real servers with their names and versions and one line of counts. A skipped test fails it. */
export default class ServersLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const { passed, failed, skipped } = countTests(modules, unhandled);
    if (passed === 0 || skipped > 0) process.exitCode = 1;
    const living = readState().filter((server) => server.isReady && isAlive(server));
    for (const { name, version } of living) console.log(`${name} ${version}`);
    const failures = failed === 0 ? '' : `, ${failed} failed`;
    console.log(`servers: ${living.length}, tests: ${passed} passed${failures}, skipped: ${skipped}`);
  }
}
