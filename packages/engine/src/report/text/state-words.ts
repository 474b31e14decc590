import type { Mode, Outcome, Verdict } from '../../contract/index.ts';
import type { Identity } from '../../run/core/fact.ts';
import { modeOf, type GroupView, type RunView, type State, type StepView, type RollbackProgress } from '../view/run-view.ts';

export type Shown = State | RollbackProgress;

/** One symbol a state, readable without colour. */
export const stateSymbols: Readonly<Record<Shown, string>> = {
  pending: '·',
  running: '▸',
  waiting: '◷',
  succeeded: '✓',
  failed: '✗',
  cancelled: '⊘',
  skipped: '–',
  unknown: '?',
  'rolling-back': '↶',
  'rolled-back': '↩',
  'rollback-failed': '‼',
};

/** A state in words. */
export const stateWords: Readonly<Record<Shown, string>> = {
  pending: 'not started',
  running: 'running',
  waiting: 'waiting',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
  unknown: 'outcome unknown',
  'rolling-back': 'rolling back',
  'rolled-back': 'rolled back',
  'rollback-failed': 'rollback failed',
};

export const verdictSymbols: Readonly<Record<Verdict, string>> = {
  pass: '✓',
  warn: '!',
  fail: '✗',
  inconclusive: '?',
  error: '⚠',
};

export const outcomeWords: Readonly<Record<Outcome, string>> = {
  succeeded: 'succeeded',
  'partially-succeeded': 'succeeded in part',
  failed: 'failed',
  'rolled-back': 'rolled back',
  'rollback-failed': 'rollback failed: act now',
  stopped: 'stopped with its changes left in place',
};

export const modeWords: Readonly<Record<Mode, string>> = {
  forward: 'continuing',
  rollback: 'rollback started',
  stopping: 'stopping, changes are left in place',
  paused: 'paused',
  finally: 'final steps started',
};

const knownBy: Readonly<Record<Identity['by'], string>> = {
  'os-user': 'operating system user, not authenticated',
  'ci-actor': 'named by the CI system',
  oidc: 'signed identity (OIDC)',
  flag: 'as given on the command line, not authenticated',
};

/** A person, and how they are known. */
export const identityText = ({ who, by }: Identity): string => `${who} (${knownBy[by]})`;

/** The state that a step or group shows: its rollback matters more than how it ended. */
export function shownState(of: StepView | GroupView): Shown {
  if (of.rollback) return of.rollback.state;
  return 'group' in of && of.state === 'succeeded' ? stateAfterRollback(of) : of.state;
}

/** A group that succeeded has not succeeded any more once its steps are rolled back. */
function stateAfterRollback(group: GroupView): Shown {
  const states = [...group.steps, ...group.groups].filter((inside) => !isOfRun(inside)).map(shownState);
  return (['rollback-failed', 'rolling-back', 'rolled-back'] as const).find((state) => states.includes(state)) ?? group.state;
}

/** Stages are rolled back one by one: the run as a whole has an outcome. */
const isOfRun = (inside: StepView | GroupView): boolean => 'group' in inside && inside.group.kind === 'stage' && inside.group.parent === '';

/** The state of a run in a word or two: its outcome, or what it is doing now. */
export function statusOf(view: RunView): string {
  if (view.over) return outcomeWords[view.over.outcome];
  if (modeOf(view) === 'paused') return 'paused';
  if (view.parked) return 'parked';
  return view.interrupted ? 'interrupted' : 'running';
}
