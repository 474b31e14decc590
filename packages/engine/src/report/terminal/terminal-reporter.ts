import { styleText } from 'node:util';
import { foldEvent } from '../view/fold-event.ts';
import { lineReporter } from '../lines/line-reporter.ts';
import type { EventLine } from '../lines/event-line.ts';
import { eventLines } from '../lines/event-lines.ts';
import type { Reporter, RunEvent } from '../events/run-event.ts';
import type { RunView } from '../view/run-view.ts';
import { drawFrame } from './draw-frame.ts';
import type { LiveArea } from './live-area.ts';
import { liveArea } from './live-area.ts';
import { clockIn } from '../text/clock-text.ts';
import type { Shown } from '../text/state-words.ts';
import { textSink } from '../text-sink.ts';
import { wantsColor } from '../wants-color.ts';

export interface TerminalReporterOptions {
  readonly out: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch, for countdowns. */
  readonly now: () => number;
  /** Default: the machine's own. */
  readonly timeZone?: string;
}

/** A live tree of the run on a terminal; plain lines where there is none. */
export function terminalReporter(options: TerminalReporterOptions): Reporter {
  const { out, env } = options;
  const zone = options.timeZone === undefined ? {} : { timeZone: options.timeZone };
  if (!out.isTTY || env['TERM'] === 'dumb') return lineReporter({ out, color: wantsColor(out, env), ...zone });
  return liveReporter(options);
}

/** The tree while the run goes on; what went wrong and how it ended are said below it, in lines that stay. */
function liveReporter(options: TerminalReporterOptions): Reporter {
  const draw = frameDrawer(options);
  const sink = textSink(options.out);
  const clock = clockIn(options.timeZone);
  const lasting: EventLine[] = [];
  let view: RunView | undefined;
  let area: LiveArea | undefined;
  return {
    onEvent(event) {
      view = foldEvent(view, event);
      if (view === undefined) return;
      const seen = view;
      area ??= liveArea(options.out, () => draw(seen));
      if (isLasting(event)) lasting.push(...eventLines(event, view, clock));
    },
    onHistory: (event) => void (view = foldEvent(view, event)),
    async close() {
      await area?.close();
      for (const { about, text } of lasting) sink.line(about === '' ? text : `${about}  ${text}`);
      await sink.close();
    },
  };
}

const isLasting = (event: RunEvent): boolean =>
  ['run-over', 'parked', 'frozen', 'stopped'].includes(event.type) || ('failure' in event && event.type !== 'attempt-ended');

function frameDrawer({ out, env, now, timeZone }: TerminalReporterOptions): (view: RunView) => string {
  const clock = clockIn(timeZone);
  const paint = wantsColor(out, env) ? painted : (text: string) => text;
  // One row stays free for the cursor; log-update clips what is taller than the terminal.
  return (view) => drawFrame(view, { now: now(), rows: Math.max(4, out.rows - 2), clock, paint }).join('\n');
}

const painted = (text: string, state: Shown): string => styleText(styles[state], text, { validateStream: false });

const styles = {
  pending: 'dim',
  running: 'cyan',
  waiting: 'blue',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'yellow',
  skipped: 'dim',
  unknown: 'red',
  undoing: 'yellow',
  undone: 'yellow',
  'undo-failed': 'red',
} as const;
