import type { PlanStep } from '../../plan/plan.ts';
import type { Ms } from '../../model/ms.ts';
import type { StepView, WaitView } from '../view/run-view.ts';
import { missingText } from './approval-text.ts';
import { durationText, type WallClock } from './times.ts';
import { oneLine } from './plain-text.ts';

/** What a step is waiting for, in one line: until when, and for whom. The hold of a paused run does not count down. */
export function waitText(step: StepView, wait: WaitView, now: Ms, clock: WallClock, isPaused = false): string {
  const end = wait.until ?? limitOf(step, wait);
  const until = end === undefined ? '' : untilText(end, now, clock);
  switch (wait.why) {
    case 'hold':
      return isPaused ? `paused in its hold${watchedBy(step.step)}` : `holding${until}${watchedBy(step.step)}`;
    case 'gate':
      return `waiting for a verdict of ${gateNames(step.step)}${until}`;
    case 'gates-after-hold':
      return `hold is over; waiting for ${gateNames(step.step)} to pass${until}`;
    case 'approval':
      return `waiting for ${missingText(step, wait)}${until}: ${askText(step.step, wait)}`;
    case 'groups':
      return `cannot ask yet: ${oneLine(wait.text ?? '')}${wait.until === undefined ? '' : `; tries again at ${clock.near(wait.until, now)}`}`;
    case 'outcome-unknown':
      return `waiting for confirmation: did ${step.step.title} take effect? ${oneLine(wait.text ?? '')}`.trimEnd();
    case 'manual-rollback':
      return `waiting for a manual rollback: ${oneLine(wait.text ?? '')}`;
    case 'changed-by-others':
      return `waiting for a decision to overwrite or to keep: ${oneLine(wait.text ?? '')}`;
    case 'window':
      return windowText(wait, now, clock);
    case 'backoff':
      return `retrying${wait.until === undefined ? '' : ` at ${clock.near(wait.until, now)}`}`;
  }
}

/** Which window a stage or step waits for, and when it opens. */
export const windowText = ({ until, text = '' }: WaitView, now: Ms, clock: WallClock): string =>
  `waiting for the window ${text.split(', ').join(' or ')}${until === undefined ? '' : untilText(until, now, clock)}`;

/** `waiting for the group production/api, held by run 20261130-1200-abcd (parked)` */
export const groupWaitText = (group: string, holder: { readonly run: string; readonly state: string } | undefined): string =>
  `waiting for the group ${group}${holder === undefined ? '' : `, held by run ${holder.run} (${holder.state})`}`;

/** Where only a person or a gate ends the wait: the step's own timeout, counted from its start. */
const limitOf = ({ step, startedAt }: StepView, { since, why }: WaitView): Ms | undefined =>
  step.timeoutMs === undefined || withoutLimit.has(why) ? undefined : (startedAt ?? since) + step.timeoutMs;

const withoutLimit: ReadonlySet<WaitView['why']> = new Set<WaitView['why']>(['backoff', 'groups', 'window', 'outcome-unknown', 'manual-rollback', 'changed-by-others']);

/** ` until 14:33:00 (12 m 04 s left)` */
const untilText = (until: Ms, now: Ms, clock: WallClock): string =>
  ` until ${clock.near(until, now)}${until > now ? ` (${durationText(until - now)} left)` : ''}`;

const gateNames = (step: PlanStep): string => step.gates.map(({ gate }) => gate).join(', ') || 'its gate';

const watchedBy = (step: PlanStep): string => (step.gates.length > 0 ? `, watched by ${gateNames(step)}` : '');

/** Whom an approval waits for and until when, in lines of their own. */
export function approvalTexts(step: StepView, wait: WaitView, now: Ms, clock: WallClock): readonly string[] {
  const end = wait.until ?? limitOf(step, wait);
  return [missingText(step, wait), ...(end === undefined ? [] : [untilText(end, now, clock).trim()])];
}

/** The question of an approval. */
export const askText = (step: PlanStep, wait: WaitView): string =>
  oneLine(wait.text ?? (step.act.act === 'approval' && typeof step.act.ask === 'string' ? step.act.ask : step.title));
