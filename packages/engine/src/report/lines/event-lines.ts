import type { RunEvent } from '../events/run-event.ts';
import type { RunView } from '../view/run-view.ts';
import type { EventLine, LinesOf, LineContext } from './event-line.ts';
import * as ofRun from './run-lines.ts';
import * as ofStep from './step-lines.ts';

/** The lines of an event, after it was folded into the view; none where a reader of lines learns nothing. */
export function eventLines(event: RunEvent, view: RunView, context: LineContext): readonly EventLine[] {
  const lines = linesByType[event.type] as LinesOf<RunEvent['type']>;
  return lines(event, view, context);
}

const nothing = (): readonly EventLine[] => [];

const linesByType: { readonly [T in RunEvent['type']]: LinesOf<T> } = {
  'run-started': ofRun.runStarted,
  'group-waiting': ofRun.groupWaiting,
  'group-opened': ofRun.groupOpened,
  'group-ended': ofRun.groupEnded,
  'step-started': nothing,
  'attempt-started': ofStep.attemptStarted,
  'attempt-ended': ofStep.attemptEnded,
  'step-waiting': ofStep.stepWaiting,
  'step-ended': ofStep.stepEnded,
  'gate-evaluated': ofStep.gateEvaluated,
  answered: ofStep.answered,
  'groups-resolved': ofStep.groupsResolved,
  commanded: ofRun.commanded,
  concurrency: ofRun.concurrency,
  'clock-set': ofRun.clockSet,
  'mode-changed': ofRun.modeChanged,
  notified: ofRun.notified,
  'rollback-started': ofRun.rollbackStarted,
  'rollback-ended': ofRun.rollbackEnded,
  'run-over': ofRun.runOver,
  parked: ofRun.parked,
  paused: ofRun.paused,
  interrupted: ofRun.interrupted,
  // A log line is grouped by its own rules; the rest is for readers that draw.
  log: nothing,
  'state-saved': nothing,
  progress: nothing,
  measured: nothing,
};
