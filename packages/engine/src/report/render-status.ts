import type { Plan } from '../plan/plan.ts';
import type { Ms } from '../validate/words.ts';
import { viewOf } from './view/fold-event.ts';
import { commandsFor } from './lines/step-lines.ts';
import { inputsText } from './lines/run-lines.ts';
import { keyCell, keyWidthOf } from './lines/key-column.ts';
import type { RunEvent } from './events/run-event.ts';
import type { GroupView, JudgedView, RunView, StepView } from './view/run-view.ts';
import { currentWeights, directionOf, openWaitOf, outcomeOf } from './view/run-view.ts';
import type { Clock } from './text/clock-text.ts';
import { clockIn } from './text/clock-text.ts';
import { durationText } from './text/duration-text.ts';
import { failureLines } from './text/failure-lines.ts';
import { nextCommands } from './text/next-commands.ts';
import { notReleasedLines } from './text/not-released-lines.ts';
import { notUndoneLines } from './text/not-undone-lines.ts';
import { headline, oneLine } from './text/plain-text.ts';
import { identityText, outcomeWords, shownState, stateSymbols, stateWords, turnWords, verdictSymbols } from './text/state-words.ts';
import { waitText } from './text/wait-text.ts';

export interface StatusOptions {
  /** For "12 m left". Default: the time of the last event. */
  readonly now?: Ms;
  /** Default: the machine's own. */
  readonly timeZone?: string;
}

/** Plain text of where a run stands: its stages and steps, what it waits for, and what a person can type. */
export function renderStatus(plan: Plan, events: Iterable<RunEvent>, options: StatusOptions = {}): string {
  const view = viewOf(events);
  if (view === undefined) return `${plan.name} has not begun.`;
  const clock = clockIn(options.timeZone);
  const now = options.now ?? view.lastAt;
  const width = keyWidthOf(plan);
  const lines = [
    ...headerLines(view, now, clock),
    ...groupsWithSteps(view).flatMap((group) => ['', ...stageLines(view, group, width, now, clock)]),
    ...undoLines(view, width),
    ...nextLines(view),
  ];
  return lines.join('\n');
}

function headerLines(view: RunView, now: Ms, clock: Clock): readonly string[] {
  const { plan, over } = view;
  const took = durationText(over?.durationMs ?? now - view.startedAt);
  const turn = view.turns.at(-1);
  const commit = plan.source.commit === undefined ? '' : ` at ${plan.source.commit.slice(0, 12)}`;
  return [
    `${plan.name}: ${standing(view)}${over?.because === undefined ? '' : ` (${headline(over.because)})`}`,
    `run ${view.run}, started ${clock.dateTime(view.startedAt)} by ${identityText(view.who)}, ${took}`,
    `plan ${plan.source.file}${commit}${Object.keys(plan.inputs).length > 0 ? `, ${oneLine(inputsText(plan.inputs))}` : ''}`,
    ...(over || !turn ? [] : [`${turnWords[turn.to]}: ${headline(turn.because)}`]),
    ...currentWeights(view).map(({ percent, lane }) => `candidate weight ${percent}% (${lane})`),
  ];
}

/** In a word or two: its outcome, or what it does now. */
export function standing(view: RunView): string {
  if (view.over) return outcomeWords[outcomeOf(view)];
  if (directionOf(view) === 'frozen') return 'frozen';
  if (view.parked) return 'parked';
  return view.stopped ? 'interrupted' : 'running';
}

const groupsWithSteps = (view: RunView): readonly GroupView[] =>
  [...view.groups.values()].filter(({ steps }) => steps.length > 0);

function stageLines(view: RunView, group: GroupView, width: number, now: Ms, clock: Clock): readonly string[] {
  const title = group.group.key === '' ? 'run' : group.group.key;
  return [
    `${title}  ${stateWords[shownState(group)]}${group.because === undefined ? '' : `: ${oneLine(group.because)}`}`,
    ...group.steps.flatMap((step) => stepLines(view, step, width, now, clock)),
  ];
}

function stepLines(view: RunView, step: StepView, width: number, now: Ms, clock: Clock): readonly string[] {
  const wait = openWaitOf(step);
  const state = wait ? waitText(step, wait, now, clock) : stateText(step, now);
  const asks = wait ? commandsFor(wait.why, view.run, step.step.key) : [];
  const details = [...failureLines(step.failure), ...lastJudged(step).map(judgedText), ...asks];
  return [
    `  ${stateSymbols[shownState(step)]} ${keyCell(step.step.key, width)}  ${state}`,
    ...details.map((text) => `${' '.repeat(width + 6)}${text}`),
  ];
}

function stateText(step: StepView, now: Ms): string {
  const ran = step.startedAt === undefined ? 0 : (step.endedAt ?? now) - step.startedAt;
  const tries = step.attempts.filter(({ verb }) => verb === 'run' || verb === 'release').length;
  // What failed is told in lines of its own.
  const why = step.because === undefined || step.because === step.failure?.message ? '' : `: ${oneLine(step.because)}`;
  return `${stateWords[shownState(step)]}${ran > 0 ? `, ${durationText(ran)}` : ''}${tries > 1 ? `, ${tries} attempts` : ''}${why}`;
}

/** The newest verdict of each gate. */
const lastJudged = (step: StepView): readonly JudgedView[] => [
  ...new Map(step.judged.map((judged) => [judged.gate, judged])).values(),
];

const judgedText = ({ verdict, gate, because }: JudgedView): string =>
  `${verdictSymbols[verdict]} ${gate}: ${verdict}, ${oneLine(because)}`;

function undoLines(view: RunView, width: number): readonly string[] {
  const awake = [...view.steps.values()].filter(({ undoes, startedAt }) => undoes !== undefined && startedAt !== undefined);
  if (awake.length === 0) return [];
  const line = (step: StepView): string =>
    `  ${stateSymbols[shownState(step)]} ${keyCell(step.step.key, width)}  ${stateWords[step.state]}, undoes ${step.undoes ?? ''}`;
  return ['', 'rollback', ...awake.map(line)];
}

function nextLines(view: RunView): readonly string[] {
  const left = [...notUndoneLines(view), ...notReleasedLines(view)];
  const next = commandLines(view);
  return [...(left.length > 0 ? ['', ...left] : []), ...(next.length > 0 ? ['', ...next] : [])];
}

function commandLines(view: RunView): readonly string[] {
  const see = `see it:   ${nextCommands.report(view.run)}`;
  if (view.over) return [see];
  const goBack = `go back:  ${nextCommands.abort(view.run)}`;
  if (directionOf(view) === 'frozen') return [`go on:    ${nextCommands.continue(view.run)}`, goBack, see];
  if (view.parked || view.stopped) return [`go on:    ${nextCommands.resume(view.run)}`, goBack, see];
  return [goBack, see];
}
