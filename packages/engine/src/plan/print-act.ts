import { printDuration } from '../expressions/quantities/duration.ts';
import { printCommand, printValue } from '../expressions/print-value.ts';
import { isExpression, type Value } from '../expressions/value.ts';
import { commandMetricType, runStepType } from '../model/built-in-types.ts';
import { defaultAttemptTimeoutMs, defaultOnFailure } from '../model/defaults.ts';
import { printMachine } from '../model/machine.ts';
import { limitNames, type Threshold } from '../model/threshold.ts';
import { counted, list } from '../util/phrases.ts';
import type { Act, PlanPeople } from './act.ts';
import type { PlanGate, PlanMetric, PlanStep, WatchedGate } from './plan.ts';

/**
 * What a step does, for whom it waits, and what ends it: everything that decides what will happen, one line each. The preview of a step
 * takes the place of its type and settings.
 */
export function actLines(step: PlanStep, isPreviewed = false): readonly string[] {
  const { gates, when, window, onFailure, runsOn, artifacts, stableIsIdle } = step;
  return [
    ...(when && when.$expr !== 'true' ? [`only when ${when.$expr}`] : []),
    ...(window ? [`starts only while ${list(window, 'or')} is open`] : []),
    ...linesOf(step, isPreviewed),
    ...(gates.length > 0 ? [`watched by ${list(gates.map(watchText))}`] : []),
    ...(runsOn ? [`runs on a machine with ${printMachine(runsOn)}`] : []),
    ...(artifacts ? [`keeps ${list(artifacts)}`] : []),
    ...(stableIsIdle ? ['the candidate has all traffic: limits against the baseline are not judged'] : []),
    ...(onFailure === defaultOnFailure ? [] : [`when it fails: ${onFailure}`]),
  ];
}

function linesOf({ act, gates, timeoutMs }: PlanStep, isPreviewed: boolean): readonly string[] {
  switch (act.act) {
    case 'approval':
      return [
        ...headed('asks', printValue(act.ask)),
        ...(act.items ?? []).map((item, n) => `  ${n + 1}. ${printValue(item)}`),
        `${approversText(act)}; without an answer after ${printDuration(timeoutMs ?? 0)}, it counts as ${act.atTimeout === 'approve' ? 'approved' : 'rejected'}`,
      ];
    case 'hold':
      return [
        `holds for ${printValue(act.for)}${atMost(timeoutMs)}`,
        ...(gates.length > 0 ? [`if its gates do not pass by then, ${holdEnds[act.atEnd]}`] : []),
      ];
    case 'assert':
      return [`must be true: ${act.condition.$expr}`];
    case 'gate':
      return [`waits for a conclusive answer${atMost(timeoutMs)}`];
    case 'task':
      return taskLines(act, isPreviewed);
  }
}

const atMost = (timeoutMs: number | undefined): string => (timeoutMs === undefined ? '' : `, at most ${printDuration(timeoutMs)}`);

const holdEnds = { wait: 'it waits as long again (at least 15m) and then pauses', pause: 'it pauses', fail: 'it fails' } as const;

function approversText({ quorum, of, except, delegates }: Extract<Act, { act: 'approval' }>): string {
  const exceptions = except ? ` except ${peopleText(except, 'and')}` : '';
  const people = `${of.length === 0 ? 'anybody' : peopleText(of, quorum === 'all' ? 'and' : 'or')}${exceptions}`;
  const standIns = delegates ? `, or on their behalf by ${peopleText(delegates, 'or')}` : '';
  if (isExpression(quorum)) return `as many as ${quorum.$expr} have to approve: ${people}${standIns}`;
  if (quorum === 'all') return `an approval by each of ${people}${standIns}`;
  return `${counted(Number(printValue(quorum)), 'approval')} by ${people}${standIns}`;
}

const peopleText = (people: PlanPeople, word: 'and' | 'or'): string =>
  list(
    people.map((entry) => (typeof entry === 'string' ? entry : 'group' in entry ? `the group ${entry.group}` : printValue(entry.names))),
    word,
  );

function taskLines({ uses, with: config, attemptTimeoutMs }: Extract<Act, { act: 'task' }>, isPreviewed: boolean): readonly string[] {
  const limit = attemptTimeoutMs === defaultAttemptTimeoutMs ? [] : [`each attempt takes at most ${printDuration(attemptTimeoutMs)}`];
  const settings = printValue(config);
  const typed = isPreviewed ? [] : [`uses ${uses}${settings === '' ? '' : ` with ${settings}`}`];
  return [...(uses === runStepType ? commandLines(config) : typed), ...limit];
}

function commandLines(config: Value): readonly string[] {
  const { command = '', variables, workdir, env, probe } = config as Readonly<Record<string, Value>>;
  return [
    ...headed('runs', printCommand(command, variables)),
    ...(workdir === undefined ? [] : [`in the folder ${printValue(workdir)}`]),
    ...(env === undefined ? [] : [`with ${printValue(env)}`]),
    ...(probe === undefined ? [] : headed('probed by', printCommand(probe, variables))),
  ];
}

/** So many lines of a script are shown; `--json` has them all. */
const shownLines = 20;

/** `runs: make`, or a script below it. */
function headed(head: string, script: string): readonly string[] {
  const lines = script.trimEnd().split('\n');
  if (lines.length === 1) return [`${head}: ${script.trim()}`];
  const left = lines.length - shownLines;
  return [`${head}:`, ...lines.slice(0, shownLines).map((line) => `  ${line}`), ...(left > 0 ? [`  … ${counted(left, 'more line')}`] : [])];
}

const watchText = ({ gate, onFailure }: WatchedGate): string => (onFailure === undefined ? gate : `${gate} (when it fails: ${onFailure})`);

/** A step of a rollback on one line: `restore: uses traffic.shift`. */
export function rollbackStepLines(step: PlanStep): readonly string[] {
  const [first = '', ...others] = actLines(step);
  return [`${step.id}: ${first}`, ...others.map((line) => `  ${line}`)];
}

/** A gate with the limits that decide. */
export const gateLines = ({ name, everyMs, metrics }: PlanGate): readonly string[] => [
  `${name}, every ${printDuration(everyMs)}:`,
  ...metrics.map((metric) => `  ${metricText(metric)}`),
];

function metricText({ name, uses, with: config, unit, threshold, noData, minSamples, reduce, shadow }: PlanMetric): string {
  const { command = '', variables } = config as Readonly<Record<string, Value>>;
  const source = uses === commandMetricType ? printCommand(command, variables).trim().split('\n')[0] : uses;
  const rules = [
    ...(unit === 'yes-no' || unit === 'none' ? [] : [`unit ${unit}`]),
    ...limitTexts(threshold),
    ...(reduce === undefined ? [] : [`${reduce} of all series`]),
    ...(minSamples === undefined ? [] : [`at least ${counted(minSamples, 'sample')}`]),
    `without data: ${noData}`,
    ...(shadow ? ['never decides'] : []),
  ];
  return `${name} (${source ?? ''}): ${rules.join(', ')}`;
}

const limitTexts = (threshold: Threshold): readonly string[] => [
  ...limitNames.flatMap((limit) => (threshold[limit] ? [`${limit} ${threshold[limit].text}`] : [])),
  ...(threshold.forMs === undefined ? [] : [`for ${printDuration(threshold.forMs)}`]),
  ...(threshold.violations === undefined
    ? []
    : [`more than ${counted(threshold.violations.moreThan, 'violation')} within ${printDuration(threshold.violations.withinMs)}`]),
];
