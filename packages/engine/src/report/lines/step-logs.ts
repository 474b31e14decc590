import type { EventOf } from '../events/run-event.ts';
import type { TextSink } from '../text-sink.ts';
import { oneLine, plainText } from '../text/plain-text.ts';
import { githubCommands, notACommand } from './github-commands.ts';

/** Shows what steps print: `add` a line, `end` an attempt. */
interface LogWriter {
  add(event: EventOf<'log'>): void;
  end(event: EventOf<'attempt-ended'>): void;
}

/** Each line at once, after the name of its step. */
export const liveLog = (write: (event: EventOf<'log'>, text: string) => void): LogWriter => ({
  add: (event) => write(event, plainText(event.line)),
  end: () => undefined,
});

/** Each attempt as one fold of GitHub Actions, when it has ended. */
export function foldedLog(sink: TextSink): LogWriter {
  const groups = logGroups();
  return {
    add: (event) => groups.add(event),
    end(event) {
      const { lines, dropped } = groups.take(event);
      if (lines.length === 0) return;
      sink.line(githubCommands.group(`${event.step}${event.attempt > 1 ? ` (attempt ${event.attempt})` : ''}: log`));
      if (dropped > 0) sink.line(`… ${dropped} earlier lines are in the step's log`);
      for (const line of lines) sink.line(notACommand(oneLine(line)));
      sink.line(githubCommands.endGroup());
    },
  };
}

/** Log lines of an attempt that are shown together; more than this is left to the step's log. */
const linesKept = 5_000;

interface LogGroup {
  readonly lines: readonly string[];
  /** How many of the first lines were dropped. */
  readonly dropped: number;
}

/** Collects the log of attempts that run side by side, so that each can be shown as one. */
interface LogGroups {
  add(event: EventOf<'log'>): void;
  /** The lines of an attempt that has ended, which are then forgotten. */
  take(attempt: { readonly step: string; readonly verb: string; readonly attempt: number }): LogGroup;
}

function logGroups(): LogGroups {
  const groups = new Map<string, { lines: string[]; dropped: number }>();
  return {
    add(event) {
      const key = keyOf(event);
      const group = groups.get(key) ?? { lines: [], dropped: 0 };
      groups.set(key, group);
      group.lines.push(event.line);
      if (group.lines.length > 2 * linesKept) group.dropped += group.lines.splice(0, linesKept).length;
    },
    take(attempt) {
      const key = keyOf(attempt);
      const group = groups.get(key) ?? { lines: [], dropped: 0 };
      groups.delete(key);
      return group;
    },
  };
}

const keyOf = (of: { readonly step: string; readonly verb: string; readonly attempt: number }): string =>
  `${of.step}!${of.verb}.${of.attempt}`;
