import type { Plan, PlanSource } from '../plan/plan.ts';
import type { Ms } from '../model/ms.ts';
import { viewOf } from './view/fold-event.ts';
import { keyCell, keyWidthOf, type LineContext } from './lines/event-line.ts';
import { inputsText } from './lines/run-lines.ts';
import type { RunEvent } from './events/run-event.ts';
import { type GroupView, groupWaitsOf, type JudgedView, modeOf, openWaitOf, type RunView, type StepView, lastTransition } from './view/run-view.ts';
import { currentWeights } from './view/weights.ts';
import { clockIn, durationText, type WallClock } from './text/times.ts';
import { failureLines, runbookLines, pointOfNoReturnLines, notTornDownLines, notRolledBackLines } from './text/failures.ts';
import { becauseText, causeOf } from './text/cause.ts';
import { commandLine, commandsForRun, commandsForWait, nextCommandsAt, type NextCommands } from './text/next-commands.ts';
import { headline, oneLine } from './text/plain-text.ts';
import { identityText, shownState, statusOf, stateSymbols, stateWords, modeWords, verdictSymbols } from './text/state-words.ts';
import { undeliveredLines } from './text/undelivered.ts';
import { groupWaitText, waitText, windowText } from './text/wait-text.ts';

interface StatusOptions {
  /** For "12 m left". Default: the time of the last event. */
  readonly now?: Ms;
  /** Default: the machine's own. */
  readonly timeZone?: string;
  /** Default: as typed in the repository of the run. */
  readonly next?: NextCommands;
  /** What people recorded and no process has handled yet, e.g. `approve one/go by ann`. */
  readonly recorded?: readonly string[];
  /** Where the process that executes the run does not answer: which one it is, and what to do. */
  readonly silent?: string;
}

/** The state of a run as plain text: its stages and steps, what it is waiting for, and the commands a person can type. */
export function renderStatus(plan: Plan, events: Iterable<RunEvent>, options: StatusOptions = {}): string {
  const view = viewOf(events);
  if (view === undefined) return `${plan.name} has not started.`;
  const context = { clock: clockIn(options.timeZone), next: options.next ?? nextCommandsAt() };
  const now = options.now ?? view.lastAt;
  const width = keyWidthOf(plan);
  const lines = [
    ...headerLines(view, now, context.clock),
    ...(options.silent === undefined ? [] : [options.silent]),
    ...(options.recorded ?? []).map((command) => `recorded, handled when the run resumes: ${command}`),
    ...groupsWithSteps(view).flatMap((group) => ['', ...stageLines(view, group, width, now, context)]),
    ...rollbackLines(view, width, now, context),
    ...nextLines(view, context.next),
  ];
  return lines.join('\n');
}

function headerLines(view: RunView, now: Ms, clock: WallClock): readonly string[] {
  const { plan, over } = view;
  const took = durationText(over?.durationMs ?? now - view.startedAt);
  const transition = lastTransition(view);
  const cause = causeOf(view);
  return [
    `${plan.name}: ${statusOf(view)}${over && cause !== undefined ? ` (${cause})` : ''}`,
    `run ${view.run}, started ${clock.dateTime(view.startedAt)} by ${identityText(view.who)}, ${took}`,
    `plan ${plan.source.file}${commitText(plan.source)}${plan.environment === undefined ? '' : `, environment ${plan.environment}`}${Object.keys(plan.inputs).length > 0 ? `, ${oneLine(inputsText(plan.inputs))}` : ''}`,
    ...(over || !transition ? [] : [`${modeWords[transition.to]}: ${headline(becauseText(transition.because))}`]),
    ...groupWaitsOf(view).map(({ group, holder }) => groupWaitText(group, holder)),
    ...currentWeights(view).map(({ percent, lane }) => `candidate weight ${percent}% (${lane})`),
    ...undeliveredLines(view, clock),
  ];
}

const commitText = ({ commit, uncommitted }: PlanSource): string =>
  commit === undefined ? '' : ` at ${commit.slice(0, 12)}${uncommitted ? ' with uncommitted changes' : ''}`;

/** Composites, matrices and sub-pipelines with their stages are shown inside of the stage around them. */
const isInStage = ({ plan }: RunView, { group: { kind, parent = '' } }: GroupView): boolean =>
  kind === 'composite' || kind === 'matrix' || kind === 'pipeline' || (kind === 'stage' && plan.pipelines?.[parent] !== undefined);

const hasSteps = (view: RunView, group: GroupView): boolean =>
  group.steps.length > 0 || group.groups.some((inner) => isInStage(view, inner) && hasSteps(view, inner));

const groupsWithSteps = (view: RunView): readonly GroupView[] =>
  [...view.groups.values()].filter((group) => !isInStage(view, group) && hasSteps(view, group));

function stageLines(view: RunView, group: GroupView, width: number, now: Ms, context: LineContext): readonly string[] {
  const title = group.group.key === '' ? 'run' : group.group.key;
  const state = group.state === 'waiting' && group.wait ? windowText(group.wait, now, context.clock) : stateWords[shownState(group)];
  return [
    `${title}  ${state}${group.because === undefined ? '' : `: ${oneLine(becauseText(group.because))}`}`,
    ...inOrder(view, group).flatMap((inside) =>
      'step' in inside ? stepLines(view, inside, width, now, context) : stageLines(view, inside, width, now, context).map((line, n) => (n === 0 ? `  ${line}` : line)),
    ),
  ];
}

/** The steps, composites and matrices of a group in the order of the plan, which is that of the file. */
function inOrder(view: RunView, group: GroupView): readonly (StepView | GroupView)[] {
  const places = new Map(view.plan.steps.map(({ key }, place) => [key, place]));
  const placeOf = (inside: StepView | GroupView): number =>
    'step' in inside ? (places.get(inside.step.key) ?? Infinity) : Math.min(...[...inside.steps, ...inside.groups].map(placeOf));
  return [...group.steps, ...group.groups.filter((inner) => isInStage(view, inner))].sort((a, b) => placeOf(a) - placeOf(b));
}

function stepLines(view: RunView, step: StepView, width: number, now: Ms, { clock, next }: LineContext): readonly string[] {
  const wait = openWaitOf(step);
  const state = wait ? waitText(step, wait, now, clock, modeOf(view) === 'paused') : stateText(step, now);
  const asks = wait ? commandsForWait(next, wait.why, view.run, step.step.key) : [];
  const details = [...failureLines(step.failure, next), ...(hasFailed(step) ? runbookLines(view, step.step.key, next) : []), ...lastJudged(step).map(judgedText), ...asks];
  return [
    `  ${stateSymbols[shownState(step)]} ${keyCell(step.step.key, width)}  ${state}`,
    ...details.map((text) => `${' '.repeat(width + 6)}${text}`),
  ];
}

const hasFailed = (step: StepView): boolean => ['failed', 'unknown', 'rollback-failed'].includes(shownState(step));

function stateText(step: StepView, now: Ms): string {
  const ran = step.startedAt === undefined ? 0 : (step.endedAt ?? now) - step.startedAt;
  const tries = step.attempts.filter(({ verb }) => verb === 'run' || verb === 'teardown').length;
  // A failure has lines of its own.
  const why = step.because === undefined || step.because === step.failure?.message ? '' : `: ${oneLine(becauseText(step.because))}`;
  return `${stateWords[shownState(step)]}${ran > 0 ? `, ${durationText(ran)}` : ''}${tries > 1 ? `, ${tries} attempts` : ''}${why}`;
}

/** The newest verdict of each gate. */
const lastJudged = (step: StepView): readonly JudgedView[] => [
  ...new Map(step.judged.map((judged) => [judged.gate, judged])).values(),
];

const judgedText = ({ verdict, gate, because }: JudgedView): string =>
  `${verdictSymbols[verdict]} ${gate}: ${verdict}, ${oneLine(because)}`;

/** One that waits for a person is shown with its question, like every step. */
function rollbackLines(view: RunView, width: number, now: Ms, context: LineContext): readonly string[] {
  const awake = [...view.steps.values()].filter(({ rollsBack, startedAt }) => rollsBack !== undefined && startedAt !== undefined);
  if (awake.length === 0) return [];
  const line = (step: StepView): string =>
    `  ${stateSymbols[shownState(step)]} ${keyCell(step.step.key, width)}  ${stateWords[step.state]}, rolls back ${step.rollsBack ?? ''}`;
  return ['', 'rollback', ...awake.flatMap((step) => (openWaitOf(step) ? stepLines(view, step, width, now, context) : [line(step)]))];
}

function nextLines(view: RunView, commands: NextCommands): readonly string[] {
  const left = [...notRolledBackLines(view, commands), ...notTornDownLines(view, commands)];
  const next = [...pointOfNoReturnLines(view), ...commandsForRun(commands, view).map(commandLine)];
  return [...(left.length > 0 ? ['', ...left] : []), '', ...next];
}
