import type { Mask } from '../../run/local/masking/mask-secrets.ts';
import { stackOf } from '../../run/local/tasks/task-end.ts';
import { messageOf, shorten } from '../../util/phrases.ts';
import { exitCodes } from '../exit-codes.ts';

/**
 * A plugin can end the whole process: by `process.exit`, or by an error outside of its step, which nobody awaits. The run is then
 * interrupted, and the exit code has to say so: that of the plugin would mean something else. Returns a function that ends the watch.
 */
export function explainExit(resume: string, mask: Mask): () => void {
  const onError = (error: unknown): void => {
    process.stderr.write(`${shorten(mask.text(`Internal error: ${stackOf(error) ?? messageOf(error)}`))}\n`);
    process.exit(exitCodes.internalError);
  };
  const onExit = (): void => {
    if (bySignal.includes(Number(process.exitCode))) return;
    process.exitCode = exitCodes.internalError;
    process.stderr.write(`The process ended before the run did, by relpipe or a plugin. Resume the run with: ${resume}\n`);
  };
  process.on('uncaughtException', onError).on('exit', onExit);
  return () => void process.off('uncaughtException', onError).off('exit', onExit);
}

/** The exit codes of a run that a second signal ended. */
const bySignal: readonly number[] = [129, 130, 143];
