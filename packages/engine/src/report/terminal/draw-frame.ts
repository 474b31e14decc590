import type { PlanGate } from '../../plan/plan.ts';
import { quantityText } from '../../run/judge/texts.ts';
import type { MeasurementRecord } from '../../run/measurement-record.ts';
import type { Ms } from '../../model/ms.ts';
import { keyCell, type LineContext } from '../lines/event-line.ts';
import { becauseText } from '../text/cause.ts';
import { commandsForWait } from '../text/next-commands.ts';
import { headline, oneLine } from '../text/plain-text.ts';
import { type Shown, shownState, statusOf, stateSymbols, stateWords, modeWords, verdictSymbols } from '../text/state-words.ts';
import { durationText } from '../text/times.ts';
import { approvalTexts, askText, waitText, windowText } from '../text/wait-text.ts';
import { awaitsWindow, modeOf, type GroupView, openWaitOf, type RunView, type StepView, lastTransition, type WaitView } from '../view/run-view.ts';
import { currentWeights } from '../view/weights.ts';

interface Frame extends LineContext {
  readonly now: Ms;
  /** Lines it may take. */
  readonly rows: number;
  /** Characters that fit on a line; default: any number. */
  readonly columns?: number;
  readonly paint: (text: string, state: Shown) => string;
}

/** The run as a tree of lines that fit the terminal: active steps in full, the others as one line a group. */
export function drawFrame(view: RunView, frame: Frame): readonly string[] {
  const head = headLines(view, frame);
  const open = [...view.groups.values()].filter(({ steps }) => steps.length > 0);
  const rollingBack = Map.groupBy([...view.steps.values()].filter((step) => isActive(step, view)), ({ rollsBack }) => rollsBack);
  const blocks = open.map((group) => groupBlock(view, group, rollingBack.get(group.group.key) ?? [], frame));
  return [...head, ...fitBlocks(blocks, frame.rows - head.length)];
}

function headLines(view: RunView, { now }: Frame): readonly string[] {
  const took = durationText(view.over?.durationMs ?? now - view.startedAt);
  const weights = currentWeights(view).map(({ percent }) => `candidate ${percent}%`);
  const transition = modeOf(view) === 'forward' ? undefined : lastTransition(view);
  return [
    [`${oneLine(view.plan.name)} ${view.run}`, statusOf(view), took, ...weights].join('  '),
    ...(transition && !view.over ? [`${modeWords[transition.to]}: ${headline(becauseText(transition.because))}`] : []),
  ];
}

interface Block {
  readonly title: string;
  readonly lines: readonly string[];
}

function groupBlock(view: RunView, group: GroupView, rollingBack: readonly StepView[], frame: Frame): Block {
  const state = shownState(group);
  const depth = group.group.key.split('/').length - 1;
  const title = `${'  '.repeat(depth)}${frame.paint(stateSymbols[state], state)} ${oneLine(group.group.key || 'run')}${countsText(group)}${awaitsWindow(group) && group.wait ? `  ${windowText(group.wait, frame.now, frame.clock)}` : ''}`;
  const shown = group.steps.filter((step) => isActive(step, view));
  return { title, lines: [...shown, ...rollingBack].flatMap((step) => stepLines(view, step, depth + 1, frame)) };
}

/** At the end, a step that was rolled back is named as well. */
const isActive = (step: StepView, { over }: RunView): boolean =>
  ['running', 'waiting', 'failed', 'unknown', 'rolling-back', 'rollback-failed', ...(over ? ['rolled-back'] : [])].includes(shownState(step));

/** `  3 of 12 done, 1 failed` */
function countsText({ steps }: GroupView): string {
  const over = steps.filter(({ endedAt }) => endedAt !== undefined);
  const done = over.filter((step) => shownState(step) === 'succeeded').length;
  const others = Map.groupBy(over, shownState);
  others.delete('succeeded');
  const whole = over.length === steps.length ? '' : ` of ${steps.length}`;
  const counts = [...others].map(([state, { length }]) => `${length} ${stateWords[state]}`);
  const texts = [...(done > 0 || whole !== '' ? [`${done}${whole} done`] : []), ...counts];
  return over.length === 0 ? '' : `  ${texts.join(', ')}`;
}

function stepLines(view: RunView, step: StepView, depth: number, frame: Frame): readonly string[] {
  const { now, clock, paint, columns = Infinity } = frame;
  const indent = '  '.repeat(depth);
  const wait = openWaitOf(step);
  const state = shownState(step);
  const text = wait ? waitedText(step, wait, { now, clock }, view) : `${stateWords[state]} ${elapsed(step, now)}${progressText(step)}`;
  const because = step.failure?.message ?? step.because;
  const why = state === 'failed' && because !== undefined ? `: ${headline(because)}` : '';
  return [
    `${indent}${paint(stateSymbols[state], state)} ${keyCell(oneLine(step.step.title), 28)}  ${text}${why}`,
    ...[...gateLines(step, view.plan.gates), ...questionLines(view, step, wait, columns - indent.length - 5, frame)].map((line) => `${indent}    ${line}`),
  ];
}

/** An approval is described in lines of its own, so that none of it is cut at the edge of the terminal. */
const waitedText = (step: StepView, wait: WaitView, { now, clock }: Pick<Frame, 'now' | 'clock'>, view: RunView): string =>
  wait.why === 'approval' ? 'waiting for an approval' : waitText(step, wait, now, clock, modeOf(view) === 'paused');

/** The whole question to a person, who may answer until when, and the commands to answer it in another shell. */
function questionLines(view: RunView, step: StepView, wait: WaitView | undefined, room: number, { next, now, clock }: Frame): readonly string[] {
  const commands = wait === undefined ? [] : commandsForWait(next, wait.why, view.run, step.step.key);
  if (wait?.why === 'manual-rollback') return [...(wait.text ?? '').split('\n').flatMap((line) => wrapped(`do: ${oneLine(line)}`, room)), ...commands];
  if (wait?.why !== 'approval') return commands;
  const facts = [...approvalTexts(step, wait, now, clock), `question: ${askText(step.step, wait)}`];
  return [...facts.flatMap((line) => wrapped(line, room)), ...commands];
}

/** A long line in several, broken at spaces. */
function wrapped(text: string, room: number): readonly string[] {
  if (text.length <= room) return [text];
  const space = text.lastIndexOf(' ', room);
  const end = space > room / 2 ? space : room;
  return [text.slice(0, end), ...wrapped(`  ${text.slice(end).trimStart()}`, room)];
}

const elapsed = ({ startedAt, endedAt }: StepView, now: Ms): string =>
  startedAt === undefined ? '' : durationText(Math.max(0, (endedAt ?? now) - startedAt));

const progressText = ({ progress }: StepView): string =>
  progress === undefined ? '' : `, ${progress.done} of ${progress.of}${progress.unit === undefined ? '' : ` ${progress.unit}`}`;

/** Titles first, then as many lines of active steps as there is room for; the rest is counted. */
function fitBlocks(blocks: readonly Block[], room: number): readonly string[] {
  const titles = blocks.length;
  if (titles > room - 1) return fitTitles(blocks, room);
  let left = room - titles;
  return blocks.flatMap(({ title, lines }) => {
    const shown = cutTo(left, lines);
    left -= shown.length;
    return [title, ...shown];
  });
}

function cutTo(room: number, lines: readonly string[]): readonly string[] {
  if (lines.length <= room) return lines;
  return room === 0 ? [] : [...lines.slice(0, room - 1), `      … ${lines.length - room + 1} more lines`];
}

/** For so many groups that even their titles do not fit: the active ones, and how many there are in all. */
function fitTitles(blocks: readonly Block[], room: number): readonly string[] {
  const busy = blocks.filter(({ lines }) => lines.length > 0).flatMap(({ title, lines }) => [title, ...lines]);
  const shown = busy.slice(0, Math.max(0, room - 1));
  return [...shown, `… ${blocks.length} groups in all`];
}

/** The newest verdict and values of each gate that watches a step; nothing once the step has succeeded. */
function gateLines(step: StepView, gates: Readonly<Record<string, PlanGate>>): readonly string[] {
  return step.step.gates.flatMap(({ gate }) => {
    const judged = step.judged.findLast((one) => one.gate === gate);
    const verdict = judged ? `${verdictSymbols[judged.verdict]} ${gate} ${judged.verdict}: ${oneLine(judged.because)}` : `· ${gate}: no verdict yet`;
    const values = valueTexts(step, gates[gate]);
    return values.length > 0 ? [verdict, `  ${values.join('   ')}`] : [verdict];
  });
}

function valueTexts(step: StepView, gate: PlanGate | undefined): readonly string[] {
  const measured = [...step.latest.values()];
  return (gate?.metrics ?? []).flatMap(({ name, unit }) => {
    const of = (side: MeasurementRecord['side']): MeasurementRecord | undefined =>
      measured.find((one) => one.gate === gate?.name && one.metric === name && one.side === side);
    const text = (one: MeasurementRecord): string =>
      one.error !== undefined ? 'error' : typeof one.value === 'number' ? quantityText(one.value, unit) : 'no data';
    const candidate = of('candidate');
    const baseline = of('baseline');
    if (candidate === undefined) return [];
    return [`${name} ${text(candidate)}${baseline ? ` (stable ${text(baseline)})` : ''}`];
  });
}
