import type { RunView } from '../view/run-view.ts';
import { durationText } from '../text/times.ts';
import { failureLines, notReleasedLines, notUndoneLines } from '../text/failures.ts';
import { headline, jsonText, oneLine } from '../text/plain-text.ts';
import { identityText, outcomeWords, stateSymbols, stateWords, turnWords } from '../text/state-words.ts';
import { lineAbout, type LinesOf, type Tone } from './event-line.ts';

export const runStarted: LinesOf<'run-started'> = ({ run, plan, who }) => [
  lineAbout('', 'plain', `run ${run} of ${plan.name}, started by ${identityText(who)}`),
  ...(Object.keys(plan.inputs).length > 0 ? [lineAbout('', 'quiet', `inputs: ${oneLine(inputsText(plan.inputs))}`)] : []),
];

/** `version=1.4.0 first-weight=10%` */
export const inputsText = (inputs: RunView['plan']['inputs']): string =>
  Object.entries(inputs)
    .map(([name, value]) => `${name}=${jsonText(value, 80)}`)
    .join(' ');

/** Releases are told step by step; what holds them together is no stage. */
const isTold = (view: RunView, group: string): boolean => group !== '' && view.groups.get(group)?.group.kind !== 'teardown';

export const groupOpened: LinesOf<'group-opened'> = ({ group }, view) =>
  !isTold(view, group) ? [] : [lineAbout(group, 'quiet', `${stateSymbols.running} begins`)];

export const groupEnded: LinesOf<'group-ended'> = ({ group, end, because }, view) => {
  if (!isTold(view, group)) return [];
  const tone: Tone = end === 'failed' || end === 'unknown' ? 'bad' : 'quiet';
  const why = because === undefined ? '' : `: ${oneLine(because)}`;
  return [lineAbout(group, tone, `${stateSymbols[end]} ${stateWords[end]}${why}`)];
};

export const commanded: LinesOf<'commanded'> = ({ tell, who, reason }) => [
  lineAbout('', 'warn', `${tell}, said ${identityText(who)}: ${oneLine(reason)}`),
];

export const directionChanged: LinesOf<'mode-changed'> = ({ to, because }, view) => {
  if (to === 'finally' && !view.plan.groups.some(({ kind }) => kind === 'finally')) return [];
  return [lineAbout('', to === 'rollback' || to === 'frozen' ? 'warn' : 'plain', `${turnWords[to]}: ${headline(because)}`)];
};

export const undoStarted: LinesOf<'rollback-started'> = ({ unit }) => [
  lineAbout(unit, 'warn', `${stateSymbols['rolling-back']} ${stateWords['rolling-back']}`),
];

export const undoEnded: LinesOf<'rollback-ended'> = ({ unit, end, failure }) => {
  const state = end === 'rolled-back' ? 'rolled-back' : 'rollback-failed';
  const tone: Tone = end === 'rolled-back' ? 'good' : 'bad';
  const why = failureLines(failure).map((text) => lineAbout(unit, tone, `  ${text}`));
  return [lineAbout(unit, tone, `${stateSymbols[state]} ${stateWords[state]}`), ...why];
};

export const runOver: LinesOf<'run-over'> = ({ outcome, because, durationMs }, view, { next }) => {
  const tone: Tone = outcome === 'succeeded' ? 'good' : outcome.startsWith('rollback') || outcome === 'failed' ? 'bad' : 'warn';
  const why = because === undefined ? '' : `: ${headline(because)}`;
  return [
    lineAbout('', tone, `${view.plan.name} ${outcomeWords[outcome]} after ${durationText(durationMs)}${why}`),
    ...[...notUndoneLines(view), ...notReleasedLines(view)].map((text) => lineAbout('', 'warn', text)),
    lineAbout('', 'quiet', `see it: ${next.report(view.run)}`),
  ];
};

export const parked: LinesOf<'parked'> = ({ at, wakeAt }, view, { clock, next }) => {
  const wakes = wakeAt === undefined ? 'waits for a person' : `wakes at ${clock.near(wakeAt, at)}`;
  return [lineAbout('', 'plain', `parked: ${wakes}; goes on with: ${next.resume(view.run)}`)];
};

export const frozen: LinesOf<'frozen'> = ({ because }, view, { next }) => [
  lineAbout('', 'warn', `frozen: ${headline(because)}`),
  lineAbout('', 'warn', `  go on:   ${next.continue(view.run)}`),
  lineAbout('', 'warn', `  go back: ${next.abort(view.run)}`),
];

export const interrupted: LinesOf<'interrupted'> = ({ signal }, view, { next }) => [
  lineAbout('', 'warn', `ended by ${signal}; the run is kept, go on with: ${next.resume(view.run)}`),
];
