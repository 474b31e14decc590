import { groupWaitsOf, modeOf, type RunView } from '../view/run-view.ts';
import { durationText } from '../text/times.ts';
import { commandLine, commandsForRun } from '../text/next-commands.ts';
import { failureLines, runbookLines, pointOfNoReturnLines, notTornDownLines, notRolledBackLines } from '../text/failures.ts';
import { becauseText, causeOf, commandWords } from '../text/cause.ts';
import { undeliveredText } from '../text/undelivered.ts';
import { headline, jsonText, oneLine } from '../text/plain-text.ts';
import { groupWaitText, windowText } from '../text/wait-text.ts';
import { identityText, outcomeWords, stateSymbols, stateWords, modeWords } from '../text/state-words.ts';
import { lineAbout, type LinesOf, type Tone } from './event-line.ts';

export const runStarted: LinesOf<'run-started'> = ({ run, plan, who }) => [
  lineAbout('', 'plain', `run ${run} of ${plan.name}, started by ${identityText(who)}`),
  ...(plan.environment === undefined ? [] : [lineAbout('', 'quiet', `environment: ${plan.environment}`)]),
  ...(Object.keys(plan.inputs).length > 0 ? [lineAbout('', 'quiet', `inputs: ${oneLine(inputsText(plan.inputs))}`)] : []),
];

/** `version=1.4.0 first-weight=10%` */
export const inputsText = (inputs: RunView['plan']['inputs']): string =>
  Object.entries(inputs)
    .map(([name, value]) => `${name}=${jsonText(value, 80)}`)
    .join(' ');

/** Teardowns are printed step by step; their group is not a stage. */
const isShown = (view: RunView, group: string): boolean => group !== '' && view.groups.get(group)?.group.kind !== 'teardown';

export const groupWaiting: LinesOf<'group-waiting'> = (event, _, { clock }) => [
  lineAbout(event.group, 'plain', `${stateSymbols.waiting} ${windowText({ since: event.at, ...event }, event.at, clock)}`),
];

export const groupOpened: LinesOf<'group-opened'> = ({ group }, view) =>
  !isShown(view, group) ? [] : [lineAbout(group, 'quiet', `${stateSymbols.running} started`)];

export const groupEnded: LinesOf<'group-ended'> = ({ group, end, because }, view) => {
  if (!isShown(view, group)) return [];
  const tone: Tone = end === 'failed' || end === 'unknown' ? 'bad' : 'quiet';
  const why = because === undefined ? '' : `: ${oneLine(becauseText(because))}`;
  return [lineAbout(group, tone, `${stateSymbols[end]} ${stateWords[end]}${why}`)];
};

export const commanded: LinesOf<'commanded'> = ({ command, step, accept, who, reason }) => [
  lineAbout(step ?? '', 'warn', `${accept ? 'accepted as it is' : commandWords[command]} by ${identityText(who)}: ${oneLine(reason)}`),
];

/** That a group is held, and given back at the end, is what everybody expects. */
export const concurrency: LinesOf<'concurrency'> = ({ group, now, holder }, view) => {
  if (now === 'waiting') return [lineAbout('', 'warn', groupWaitText(group, holder))];
  if (now === 'held' && view.waitedFor.has(group)) return [lineAbout('', 'plain', `has the group ${group} now`)];
  return now === 'returned' && view.over === undefined && modeOf(view) === 'forward' ? [lineAbout('', 'quiet', `gave back the group ${group}: nothing in this run can be rolled back any more`)] : [];
};

export const clockSet: LinesOf<'clock-set'> = ({ byMs }) => [
  lineAbout('', 'warn', `the clock of this machine was set ${byMs < 0 ? 'back' : 'forward'} by ${durationText(Math.abs(byMs))}; the times of the run continue without that`),
];

export const modeChanged: LinesOf<'mode-changed'> = ({ to, because }, view) => {
  if (to === 'finally' && !view.plan.groups.some(({ kind }) => kind === 'finally')) return [];
  return [lineAbout('', to === 'rollback' || to === 'paused' ? 'warn' : 'plain', `${modeWords[to]}: ${headline(becauseText(because))}`)];
};

/** Only what somebody may not have heard. */
export const notified: LinesOf<'notified'> = (event, _, { clock }) => {
  const text = undeliveredText(event, clock);
  return text === undefined ? [] : [lineAbout('', 'warn', text)];
};

export const rollbackStarted: LinesOf<'rollback-started'> = ({ unit }) => [
  lineAbout(unit, 'warn', `${stateSymbols['rolling-back']} ${stateWords['rolling-back']}`),
];

export const rollbackEnded: LinesOf<'rollback-ended'> = ({ unit, end, failure }, view, { next }) => {
  const state = end === 'rolled-back' ? 'rolled-back' : 'rollback-failed';
  const tone: Tone = end === 'rolled-back' ? 'good' : 'bad';
  const runbook = end === 'failed' ? runbookLines(view, unit, next) : [];
  const why = [...failureLines(failure, next), ...runbook].map((text) => lineAbout(unit, tone, `  ${text}`));
  return [lineAbout(unit, tone, `${stateSymbols[state]} ${stateWords[state]}`), ...why];
};

export const runOver: LinesOf<'run-over'> = ({ outcome, durationMs }, view, { next }) => {
  const tone: Tone = outcome === 'succeeded' ? 'good' : outcome.startsWith('rollback') || outcome === 'failed' ? 'bad' : 'warn';
  const because = causeOf(view);
  const why = because === undefined ? '' : `: ${because}`;
  const [ended = '', urgent] = outcomeWords[outcome].split(': ');
  return [
    lineAbout('', tone, `${view.plan.name} ${ended} after ${durationText(durationMs)}${urgent === undefined ? '' : `, ${urgent}`}${why}`),
    ...[...notRolledBackLines(view, next), ...notTornDownLines(view, next)].map((text) => lineAbout('', 'warn', text)),
    lineAbout('', 'quiet', `report: ${next.report(view.run)}`),
  ];
};

export const parked: LinesOf<'parked'> = ({ at, wakeAt }, view, { clock, next }) => {
  const [group] = groupWaitsOf(view);
  const forWhom = group === undefined ? 'waiting for a person' : groupWaitText(group.group, group.holder);
  const until = wakeAt === undefined ? forWhom : `next wake-up at ${clock.dateTimeZone(wakeAt)}, in ${durationText(wakeAt - at)}`;
  return [lineAbout('', 'plain', `parked: ${until}. Resume it with: ${next.resume(view.run)}`)];
};

export const paused: LinesOf<'paused'> = ({ because }, view, { next }) => [
  lineAbout('', 'warn', `paused: ${headline(because)}`),
  ...pointOfNoReturnLines(view).map((text) => lineAbout('', 'warn', `  ${text}`)),
  ...commandsForRun(next, view).filter(({ to }) => to !== 'report').map((command) => lineAbout('', 'warn', `  ${commandLine(command)}`)),
];

export const interrupted: LinesOf<'interrupted'> = ({ signal }, view, { next }) => [
  lineAbout('', 'warn', `The run was interrupted (${signal}). Resume it with: ${next.resume(view.run)}`),
];
