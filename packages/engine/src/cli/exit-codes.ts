import type { Outcome } from '../contract/index.ts';
import type { Ending } from '../run/drive.ts';

/** How a process reports the end of its command; part of the language, see its reference. */
export const exitCodes = {
  succeeded: 0,
  failed: 1,
  refused: 2,
  'rolled-back': 3,
  'rollback-failed': 4,
  'partially-succeeded': 5,
  paused: 6,
  stopped: 7,
  busy: 8,
  internalError: 70,
  parked: 75,
} as const;

const ofOutcome: Record<Outcome, number> = {
  succeeded: exitCodes.succeeded,
  failed: exitCodes.failed,
  'rolled-back': exitCodes['rolled-back'],
  'rollback-failed': exitCodes['rollback-failed'],
  'partially-succeeded': exitCodes['partially-succeeded'],
  stopped: exitCodes.stopped,
};

const ofSignal: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/** The exit code of an ended, parked, paused or interrupted run. */
export function exitCodeOf(ending: Ending, parkedExitCode: number = exitCodes.parked): number {
  if ('interrupted' in ending) return ofSignal[ending.interrupted] ?? 143;
  if ('parked' in ending) return parkedExitCode;
  return ending.idle === 'paused' ? exitCodes.paused : ofOutcome[ending.outcome];
}

/** From the one that needs somebody most to the one that needs nobody: `resume --due` ends with the first of them for several runs. */
export const worstFirst: readonly number[] = [4, 6, 7, 3, 70, 8, 1, 2, 143, 130, 129, 5, 75, 0];
