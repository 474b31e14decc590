import { Console } from 'node:console';
import { Writable } from 'node:stream';
import type { Mask } from '../../run/local/masking/mask-secrets.ts';

/**
 * While a run is driven, what plugins and their libraries write to the console goes to standard error, without secrets: standard output
 * belongs to the engine, whose lines are read by programs. Returns a function that restores the console.
 */
export function maskConsole(mask: Mask): () => void {
  const stream = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      process.stderr.write(mask.text(text));
      done();
    },
  });
  const before = globalThis.console;
  globalThis.console = new Console(stream, stream);
  return () => void (globalThis.console = before);
}
