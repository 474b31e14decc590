import { styleText } from 'node:util';
import { foldEvent } from '../view/fold-event.ts';
import { eventLines } from './event-lines.ts';
import { type EventLine, keyCell, keyWidthOf, lineAbout, type Tone } from './event-line.ts';
import { githubCommands, notACommand } from './github-commands.ts';
import { foldedLog, liveLog } from './step-logs.ts';
import type { EventOf, Reporter, RunEvent } from '../events/run-event.ts';
import type { RunView } from '../view/run-view.ts';
import { clockIn, durationText } from '../text/times.ts';
import { nextCommandsAt, type NextCommands } from '../text/next-commands.ts';
import { textSink } from '../text-sink.ts';

interface LineReporterOptions {
  readonly out: NodeJS.WritableStream;
  /** Default: no colours. See `wantsColor`. */
  readonly color?: boolean;
  /** Folds and annotations as GitHub Actions shows them. Default: no. */
  readonly github?: boolean;
  /** In front of each line: the time of day (default), or how long the run has taken. */
  readonly times?: 'clock' | 'elapsed';
  /** Default: the machine's own. */
  readonly timeZone?: string;
  /** Default: as typed in the repository of the run. */
  readonly next?: NextCommands;
}

/** One plain line for each event that matters, for CI, pipes and log files. */
export function lineReporter(options: LineReporterOptions): Reporter {
  const sink = textSink(options.out);
  const clock = clockIn(options.timeZone);
  const context = { clock, next: options.next ?? nextCommandsAt() };
  const print = linePrinter(options, (at) => clock.time(at), (text) => sink.line(text));
  const log =
    options.github === true
      ? foldedLog(sink)
      : liveLog((event, text) => print(view, event.at, lineAbout(event.step, 'quiet', `│ ${text}`)));
  let view: RunView | undefined;
  return {
    onEvent(event) {
      const before = view?.seen;
      view = foldEvent(view, event);
      if (view === undefined || ('seq' in event && view.seen === before)) return;
      if (event.type === 'log') {
        log.add(event);
        return;
      }
      if (event.type === 'attempt-ended') log.end(event);
      for (const line of eventLines(event, view, context)) print(view, event.at, line);
      if (options.github === true) for (const command of annotations(view, event)) sink.line(command);
    },
    onHistory: (event) => void (view = foldEvent(view, event)),
    close: () => sink.close(),
  };
}

type Print = (view: RunView | undefined, at: number, line: EventLine) => void;

function linePrinter(options: LineReporterOptions, time: (at: number) => string, write: (text: string) => void): Print {
  let width = 0;
  let planned: RunView | undefined;
  return (view, at, { about, text, tone }) => {
    if (view !== planned && view) width = keyWidthOf(view.plan);
    planned = view;
    const when = options.times === 'elapsed' ? durationText(at - (view?.startedAt ?? at)).padStart(9) : time(at);
    const line = `${when}  ${keyCell(about, width)}  ${text}`;
    write(options.color === true ? painted(line, tone) : options.github === true ? notACommand(line) : line);
  };
}

const styles = { good: 'green', bad: 'red', warn: 'yellow', quiet: 'dim', plain: 'reset' } as const;

const painted = (text: string, tone: Tone): string =>
  tone === 'plain' ? text : styleText(styles[tone], text, { validateStream: false });

function annotations(view: RunView, event: RunEvent): readonly string[] {
  if (event.type === 'step-ended' && event.failure && event.end === 'failed') {
    return [githubCommands.error(view.plan.source.file, event.step, event.failure)];
  }
  if (event.type === 'rollback-ended' && event.failure) {
    return [githubCommands.error(view.plan.source.file, `rollback of ${event.unit}`, event.failure)];
  }
  return event.type === 'run-over' ? leftBehind(event) : [];
}

const leftBehind = ({ notRolledBack }: EventOf<'run-over'>): readonly string[] =>
  notRolledBack.length === 0 ? [] : [githubCommands.warning('not rolled back', notRolledBack.join('\n'))];
