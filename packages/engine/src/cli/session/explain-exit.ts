import type { LocalRuntime } from '../../run/local/local-runtime.ts';
import type { Mask } from '../../run/local/masking/mask-secrets.ts';
import { stackOf } from '../../run/local/tasks/task-end.ts';
import { messageOf, shorten } from '../../util/phrases.ts';
import { exitCodes } from '../exit-codes.ts';

/**
 * A plugin can end the whole process: by `process.exit`, or by an error outside of its step, which nobody awaits. The run is then
 * interrupted: its commands are ended, and the exit code says so, for that of the plugin would mean something else. Returns a function to
 * call before the engine itself ends the process.
 */
export function explainExit(runtime: LocalRuntime, resume: string, mask: Mask): () => void {
  const onError = (error: unknown): void => {
    process.stderr.write(`${shorten(mask.text(`Internal error: ${stackOf(error) ?? messageOf(error)}`))}\n`);
    process.exit(exitCodes.internalError);
  };
  const onExit = (): void => {
    process.exitCode = exitCodes.internalError;
    runtime.leaveToGuard();
    process.stderr.write(`The process ended before the run did, by relpipe or a plugin. Resume the run with: ${resume}\n`);
  };
  process.on('uncaughtException', onError).on('exit', onExit);
  return () => void process.off('uncaughtException', onError).off('exit', onExit);
}
