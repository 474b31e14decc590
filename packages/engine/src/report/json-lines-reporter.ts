import type { Reporter } from './events/run-event.ts';
import { textSink } from './text-sink.ts';
import { writeJson } from '../util/write-json.ts';

/** One event a line, as it is documented. */
export function jsonLinesReporter(out: NodeJS.WritableStream): Reporter {
  const sink = textSink(out);
  return {
    onEvent: (event) => sink.line(writeJson(event)),
    onHistory: () => undefined,
    close: () => sink.close(),
  };
}
