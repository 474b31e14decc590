import type { EventOf } from '../events/run-event.ts';

/** Log lines of an attempt that are shown together; more than this is left to the step's log. */
const linesKept = 5_000;

interface LogGroup {
  readonly lines: readonly string[];
  /** Lines at the beginning that were dropped. */
  readonly dropped: number;
}

/** Collects the log of attempts that run side by side, so that each can be shown as one. */
export interface LogGroups {
  add(event: EventOf<'log'>): void;
  /** The lines of an attempt that has ended, which are then forgotten. */
  take(attempt: { readonly step: string; readonly verb: string; readonly attempt: number }): LogGroup;
}

export function logGroups(): LogGroups {
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
