import { styleText } from 'node:util';
import { foldEvent } from '../view/fold-event.ts';
import { lineReporter } from '../lines/line-reporter.ts';
import type { EventLine, LineContext } from '../lines/event-line.ts';
import { eventLines } from '../lines/event-lines.ts';
import type { Reporter, RunEvent } from '../events/run-event.ts';
import type { RunView } from '../view/run-view.ts';
import { drawFrame } from './draw-frame.ts';
import { liveArea, type LiveArea } from './live-area.ts';
import { clockIn } from '../text/times.ts';
import { nextCommandsAt, type NextCommands } from '../text/next-commands.ts';
import type { Shown } from '../text/state-words.ts';
import { textSink, wantsColor } from '../text-sink.ts';

export interface TerminalReporterOptions {
  readonly out: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch, for countdowns. */
  readonly now: () => number;
  /** Default: the machine's own. */
  readonly timeZone?: string;
  /** Default: as typed in the repository of the run. */
  readonly next?: NextCommands;
}

/** A live tree of the run on a terminal; plain lines where there is none. */
export function terminalReporter(options: TerminalReporterOptions): Reporter {
  const { out, env } = options;
  if (!out.isTTY || env['TERM'] === 'dumb') return lineReporter({ ...options, color: wantsColor(out, env) });
  return liveReporter(options);
}

/** The tree while the run is in progress. Failures and the end of the run are printed in lines that stay. */
function liveReporter(options: TerminalReporterOptions): Reporter {
  const draw = frameDrawer(options);
  const sink = textSink(options.out);
  const context = lineContextOf(options);
  const lasting: EventLine[] = [];
  let view: RunView | undefined;
  let area: LiveArea | undefined;
  return {
    onEvent(event) {
      view = foldEvent(view, event);
      if (view === undefined) return;
      const seen = view;
      area ??= liveArea(options.out, () => draw(seen));
      if (isLasting(event)) lasting.push(...eventLines(event, view, context));
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
  ['run-over', 'parked', 'paused', 'interrupted'].includes(event.type) || ('failure' in event && event.type !== 'attempt-ended');

function frameDrawer(options: TerminalReporterOptions): (view: RunView) => string {
  const { out, env, now } = options;
  const context = lineContextOf(options);
  const paint = wantsColor(out, env) ? painted : (text: string) => text;
  // One row stays free for the cursor; log-update clips what is taller than the terminal.
  return (view) => drawFrame(view, { now: now(), rows: Math.max(4, out.rows - 2), columns: out.columns || 80, ...context, paint }).join('\n');
}

const lineContextOf = ({ timeZone, next }: TerminalReporterOptions): LineContext => ({ clock: clockIn(timeZone), next: next ?? nextCommandsAt() });

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
  'rolling-back': 'yellow',
  'rolled-back': 'yellow',
  'rollback-failed': 'red',
} as const;
