import type { Mode, Outcome, Verdict } from '../../contract/index.ts';
import type { Identity } from '../../run/core/fact.ts';
import { directionOf, type GroupView, type RunView, type State, type StepView, type UndoState } from '../view/run-view.ts';

export type Shown = State | UndoState;

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

/** What people read for a state. */
export const stateWords: Readonly<Record<Shown, string>> = {
  pending: 'not begun',
  running: 'running',
  waiting: 'waiting',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
  skipped: 'skipped',
  unknown: 'unknown whether it acted',
  'rolling-back': 'being rolled back',
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
  stopped: 'stopped, its changes are left in place',
};

export const turnWords: Readonly<Record<Mode, string>> = {
  forward: 'goes on',
  rollback: 'rollback starts',
  stopping: 'stops; changes are left in place',
  frozen: 'frozen: a person decides',
  finally: 'final steps begin',
};

const knownBy: Readonly<Record<Identity['by'], string>> = {
  'os-user': 'operating system user, not authenticated',
  'ci-actor': 'named by the CI system',
  oidc: 'signed identity (OIDC)',
  flag: 'as given on the command line, not authenticated',
};

/** A person, and how that was known. */
export const identityText = ({ who, by }: Identity): string => `${who} (${knownBy[by]})`;

/** What a step or group shows: whether it was taken back matters more than how it ended. */
export const shownState = (of: StepView | GroupView): Shown => of.undo?.state ?? of.state;

/** How a run stands, in a word or two: its outcome, or what it does now. */
export function standing(view: RunView): string {
  if (view.over) return outcomeWords[view.over.outcome];
  if (directionOf(view) === 'frozen') return 'frozen';
  if (view.parked) return 'parked';
  return view.stopped ? 'interrupted' : 'running';
}
