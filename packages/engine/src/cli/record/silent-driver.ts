import { clockIn, durationText } from '../../report/text/times.ts';
import type { Driver } from '../../run/store/run-store.ts';

/** What a person reads, and does, about a process that executes a run and does not answer. `resume` is the command that continues the run. */
export function silentDriverText({ pid, host, seenAt }: Driver, run: string, resume: string): string {
  const since = `${clockIn().dateTimeZone(seenAt)} (${durationText(Date.now() - seenAt)})`;
  return `Process ${pid} on ${host} executes run ${run} and has not answered since ${since}. End it there (kill -9 ${pid}); then this continues the run: ${resume}`;
}
