import type { EventOf, RunEvent } from '../events/run-event.ts';
import { awaitsWindow, type AttemptView, type RunView, type StepView } from './run-view.ts';
import { weightIn } from '../../run/core/weight.ts';

type StepEvent = Extract<RunEvent, { readonly step: string } | { readonly type: 'measured' }>;
type Ended = EventOf<'step-ended'>;

/** How many of a step's log lines the view remembers. */
const linesKept = 20;

/** Folds what happened to one step. An unknown step (a newer engine's) is left out rather than ending the report. */
export function foldStepEvent(view: RunView, step: StepView | undefined, event: StepEvent): void {
  if (step === undefined) return;
  switch (event.type) {
    case 'step-started':
      // The events of what a decision starts come before this one: a hold is waiting already.
      if (step.state === 'pending' || awaitsWindow(step)) step.state = 'running';
      step.startedAt ??= event.at;
      return;
    case 'attempt-started':
      if (step.endedAt === undefined) step.state = 'running';
      delete step.rollback?.wait;
      step.startedAt ??= event.at;
      step.attempts.push({ verb: event.verb, attempt: event.attempt, startedAt: event.at });
      return;
    case 'attempt-ended':
      endAttempt(step, event);
      return;
    case 'step-waiting':
      if (event.why !== 'window') step.startedAt ??= event.at;
      step.waits.push({ since: event.at, ...event });
      // A step that is rolled back has ended long ago.
      if (step.endedAt === undefined) step.state = 'waiting';
      else if (step.rollback) step.rollback.wait = { since: event.at, ...event };
      return;
    case 'step-ended':
      endStep(view, step, event);
      return;
    case 'gate-evaluated':
      return void step.judged.push(event);
    case 'answered':
      return void step.answers.push(event);
    case 'log':
      step.lastLines.push(event.line);
      if (step.lastLines.length > linesKept) step.lastLines.shift();
      return;
    case 'progress':
      step.progress = event;
      return;
    case 'measured': {
      const { gate, metric, side } = event.measurement;
      return void step.latest.set(JSON.stringify([gate, metric, side]), event.measurement);
    }
    case 'state-saved':
    case 'groups-resolved':
      return;
  }
}

function endAttempt(step: StepView, event: EventOf<'attempt-ended'>): void {
  const started = step.attempts.findLast(isSameAttempt(event));
  if (started) started.ended = event;
  else step.attempts.push({ ...event, startedAt: event.at - event.durationMs, ended: event });
}

const isSameAttempt =
  (event: Pick<AttemptView, 'verb' | 'attempt'>) =>
  (one: AttemptView): boolean =>
    one.verb === event.verb && one.attempt === event.attempt;

function endStep(view: RunView, step: StepView, event: Ended): void {
  step.state = event.end;
  step.endedAt = event.at;
  delete step.progress;
  if (event.output !== undefined) step.output = event.output;
  if (event.because !== undefined) step.because = event.because;
  if (event.failure !== undefined) step.failure = event.failure;
  if (event.overridden !== undefined) step.overridden = event.overridden;
  const percent = weightIn(event.output);
  if (percent !== undefined) view.weights.push({ at: event.at, percent, step: step.step.key, lane: laneOf(view, step) });
}

const laneOf = (view: RunView, { step, rollsBack }: StepView): string =>
  rollsBack === undefined ? step.group : (view.steps.get(rollsBack)?.step.group ?? rollsBack);
