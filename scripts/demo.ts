// Two real releases of a small service: a good version is promoted, a bad one is rolled back.
import { messageOf } from '../packages/engine/src/util/phrases.ts';
import { DemoEnvironment } from './demo/demo-environment.ts';
import { runDemo } from './demo/run-demo.ts';

const limitMs = 85_000;

const environment = new DemoEnvironment();
let interruptedBy: string | undefined;

process.once('SIGINT', () => interrupt('SIGINT'));
process.once('SIGTERM', () => interrupt('SIGTERM'));
const alarm = setTimeout(() => interrupt(`it took longer than ${limitMs / 1000} s`), limitMs);

try {
  await runDemo(environment);
  await environment.stop();
  console.log('\ndemo: 1 promoted, 1 rolled back');
} catch (error) {
  const reason = interruptedBy ?? messageOf(error);
  console.error(`\n${environment.lastLines()}\n\ndemo: failed: ${reason}`);
  process.exitCode = interruptedBy === 'SIGINT' ? 130 : 1;
} finally {
  clearTimeout(alarm);
  await environment.stop();
}

/** Stops the programs for which the demo waits, and so ends the demo. */
function interrupt(reason: string): void {
  interruptedBy = reason;
  void environment.stop();
}
