import type { ReportedEvent } from 'relpipe/plugin';
import type { Release } from './release.ts';

type WayBack = Pick<Release, 'rollbackSeconds' | 'recoverySeconds'>;

/** How long a way back took that is over. Recovered is only what was undone without a failure. */
export function wayBackIn(events: readonly ReportedEvent[]): WayBack {
  const turned = events.findLastIndex((event) => event.type === 'mode-changed' && event.to === 'rollback');
  const turn = events[turned];
  const over = events.slice(turned + 1).find(isOver);
  if (!turn || !over) return {};
  const rollbackSeconds = (over.at - turn.at) / 1000;
  const isRecovered = events.every((event) => event.type !== 'rollback-ended' || event.end === 'rolled-back');
  if (!isRecovered) return { rollbackSeconds };
  return { rollbackSeconds, recoverySeconds: (over.at - firstSignIn(events.slice(0, turned), turn.at)) / 1000 };
}

const isOver = (event: ReportedEvent): boolean =>
  event.type === 'run-over' || (event.type === 'mode-changed' && event.to !== 'rollback' && event.to !== 'forward');

/** The look at which a gate first failed, or the turn itself: then a step failed, or a person said so. */
function firstSignIn(events: readonly ReportedEvent[], turnedAt: number): number {
  const failed = events.find((event) => event.type === 'gate-evaluated' && event.verdict === 'fail');
  return failed?.type === 'gate-evaluated' ? Math.min(failed.observedAt, turnedAt) : turnedAt;
}
