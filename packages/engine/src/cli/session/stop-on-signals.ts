import type { LocalRuntime } from '../../run/local/local-runtime.ts';
import { exitCodeOf } from '../exit-codes.ts';

/**
 * The first signal stops cleanly; after the second, nothing is waited for: the journal is consistent at any moment. `onExit` is called before
 * the process is ended then. Returns a function that ends the listening.
 */
export function stopOnSignals(runtime: LocalRuntime, onExit: () => void): () => void {
  let isStopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (isStopping) {
      runtime.kill();
      onExit();
      process.exit(exitCodeOf({ interrupted: signal, arrived: [] }));
    }
    isStopping = true;
    runtime.stop(signal);
  };
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
