import { appendFile } from 'node:fs/promises';
import { capital } from '../util/phrases.ts';
import { foldEvent } from './view/fold-event.ts';
import type { Reporter } from './events/run-event.ts';
import { type GroupView, groupsAwaitingWindow, openWaitOf, type RunView, type StepView, type WaitView } from './view/run-view.ts';
import { currentWeights } from './view/weights.ts';
import { identityText, shownState, statusOf, stateSymbols, stateWords, verdictSymbols } from './text/state-words.ts';
import { clockIn, durationText, type WallClock } from './text/times.ts';
import { waitText, windowText } from './text/wait-text.ts';
import { commandsForRun, commandsForWait, nextCommandsAt, type NextCommands } from './text/next-commands.ts';
import { causeOf } from './text/cause.ts';
import { notRolledBack, notRolledBackText, runbookOf } from './text/failures.ts';
import { oneLine } from './text/plain-text.ts';

/** GitHub refuses a summary of more than 1 MiB; beyond this many steps only those that matter are listed. */
const stepsShown = 300;

/** Appends the summary of the run to `file` (`GITHUB_STEP_SUMMARY`) when the reports close. */
export function githubSummaryReporter(file: string, next: NextCommands = nextCommandsAt()): Reporter {
  let view: RunView | undefined;
  return {
    onEvent: (event) => void (view = foldEvent(view, event)),
    onHistory: (event) => void (view = foldEvent(view, event)),
    async close() {
      if (view) await appendFile(file, githubSummary(view, next));
    },
  };
}

/** The run as GitHub-flavoured Markdown. */
export function githubSummary(view: RunView, next: NextCommands = nextCommandsAt()): string {
  const took = durationText(view.over?.durationMs ?? view.lastAt - view.startedAt);
  const because = view.over && causeOf(view);
  return [
    `## ${md(view.plan.name)}: ${statusOf(view)}`,
    '',
    ...(because === undefined ? [] : [`> ${md(because)}`, '']),
    `Run \`${code(view.run)}\`, ${took}, started by ${md(identityText(view.who))}.`,
    ...currentWeights(view).map(({ percent, lane }) => `Candidate weight of ${md(lane)}: **${percent} %**.`),
    '',
    ...stepTable(view),
    ...verdictTable(view),
    ...notRolledBackList(view, next),
    ...runbookList(view, next),
    ...groupsAwaitingWindow(view).map(({ key, wait }) => `- ${md(key)}: ${md(windowText(wait, Infinity, readElsewhere))}`),
    ...waitingSteps(view).slice(0, stepsShown).flatMap(({ step, wait }) => waitLines(view.run, step, wait, next)),
    ...commandsForRun(next, view).map(({ to, command }) => `- ${capital(to)}: \`${code(command)}\``),
    '',
  ].join('\n');
}

function stepTable(view: RunView): readonly string[] {
  const all = [...view.groups.values()].flatMap((group) => group.steps.map((step) => ({ group, step })));
  const shown = all.length > stepsShown ? all.filter(({ step }) => matters(step)).slice(0, stepsShown) : all;
  const left = all.length - shown.length;
  return [
    '| | Step | State | Took |',
    '|---|---|---|---|',
    ...shown.map(stepRow),
    ...(left > 0 ? ['', `${left} further steps are in the report.`] : []),
    '',
  ];
}

const waitingSteps = (view: RunView) =>
  [...view.steps.values()].flatMap((step) => {
    const wait = openWaitOf(step);
    return wait ? [{ step, wait }] : [];
  });

/** Whom and what a step waits for, and how to answer. */
function waitLines(run: string, step: StepView, wait: WaitView, next: NextCommands): readonly string[] {
  const { key } = step.step;
  const answers = commandsForWait(next, wait.why, run, key).map((command) => `- Answer ${md(key)}: \`${code(command)}\``);
  return [`- ${md(key)}: ${md(waitText(step, wait, Infinity, readElsewhere))}`, ...answers];
}

/** The page is read at another time and in another zone: with date and zone, and without the time that was left when it was written. */
const clock = clockIn();
const readElsewhere: WallClock = { ...clock, near: (at) => clock.dateTimeZone(at) };

const matters = (step: StepView): boolean => !['succeeded', 'skipped', 'pending'].includes(shownState(step));

function stepRow({ step }: { readonly group: GroupView; readonly step: StepView }): string {
  const state = shownState(step);
  const took = step.startedAt === undefined || step.endedAt === undefined ? '' : durationText(step.endedAt - step.startedAt);
  const question = openWaitOf(step)?.text;
  const asked = question === undefined ? '' : `: ${question}`;
  const why = step.failure ? `: ${step.failure.message}${step.failure.hint === undefined ? '' : ` ${step.failure.hint}`}` : '';
  return `| ${stateSymbols[state]} | ${md(step.step.key)} | ${stateWords[state]}${md(why)}${md(asked)} | ${took} |`;
}

function verdictTable(view: RunView): readonly string[] {
  const judged = [...view.steps.values()].flatMap((step) => {
    const last = step.judged.at(-1);
    return last ? [`| ${verdictSymbols[last.verdict]} ${last.verdict} | ${md(last.gate)} | ${md(step.step.key)} | ${md(last.because)} |`] : [];
  });
  return judged.length === 0 ? [] : ['| Verdict | Gate | Step | Reason |', '|---|---|---|---|', ...judged, ''];
}

function notRolledBackList(view: RunView, next: NextCommands): readonly string[] {
  const keys = notRolledBack(view);
  if (keys.length === 0) return [];
  return ['### Not rolled back', '', ...keys.map((key) => `- ${md(key)}: ${md(notRolledBackText(view.steps.get(key), next))}`), ''];
}

/** What the file says to do about each failure. */
function runbookList(view: RunView, next: NextCommands): readonly string[] {
  const failed = [...view.steps.values()].filter(({ state, rollback }) => state === 'failed' || state === 'unknown' || rollback?.state === 'rollback-failed');
  return failed.slice(0, stepsShown).flatMap(({ step: { key } }) => {
    const text = runbookOf(view, key);
    return text === undefined ? [] : [`- Runbook of ${md(key)}: ${md(next.inText(text))}`];
  });
}

/** Text that means itself in Markdown and in a table cell. */
const md = (text: string): string => oneLine(text).replace(/[\\`*_{}[\]<>#|~@&]|:(?=\/\/)/g, (character) => `&#${character.codePointAt(0) ?? 32};`);

const code = (text: string): string => oneLine(text).replaceAll('`', "'");
