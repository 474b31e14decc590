import type { Reporter } from './events/run-event.ts';
import { textSink } from './text-sink.ts';

/** One event a line, as it is documented. */
export function jsonLinesReporter(out: NodeJS.WritableStream): Reporter {
  const sink = textSink(out);
  return {
    onEvent: (event) => sink.line(JSON.stringify(event)),
    onHistory: () => undefined,
    close: () => sink.close(),
  };
}
