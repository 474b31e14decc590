import type { TextSink } from '../text-sink.ts';
import { oneLine, plainText } from '../text/plain-text.ts';
import type { EventOf } from '../events/run-event.ts';
import { githubCommands, notACommand } from './github-commands.ts';
import { logGroups } from './log-groups.ts';

/** Shows what steps print: `add` a line, `end` an attempt. */
export interface LogWriter {
  add(event: EventOf<'log'>): void;
  end(event: EventOf<'attempt-ended'>): void;
}

/** Each line at once, behind the name of its step. */
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
