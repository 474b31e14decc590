import type { TeardownScope } from '../contract/index.ts';
import { printDuration } from '../expressions/quantities/duration.ts';
import { printValue } from '../expressions/print-value.ts';
import type { Value } from '../expressions/value.ts';
import type { OnConflict } from '../model/concurrency.ts';
import type { TakenGroup } from './may-change.ts';
import { actLines, gateLines, rollbackStepLines } from './print-act.ts';
import type { PlanDescription, RollbackMeans, StepDescription } from './describe-plan.ts';

const rollbackTexts: Readonly<Record<RollbackMeans, string>> = {
  automatic: 'rolled back automatically',
  assisted: "rolled back with a person's help",
  'by-steps': 'rolled back by steps of its own',
  'not-needed': 'nothing to roll back',
  'not-defined': 'no rollback defined',
  impossible: 'cannot be rolled back',
};

const teardownTexts: Readonly<Record<TeardownScope, string>> = {
  step: 'torn down when it has ended',
  stage: 'torn down at the end of its stage',
  run: 'torn down at the end of the run',
};

/** The plan for people, line by line. */
export function printPlan(description: PlanDescription): readonly string[] {
  const { steps, pipelines, units, gates, groups, windows, timeoutMs, pointOfNoReturn, maxParallelRollbacks, unnoticedMs, unnoticedParkedMs, notify, unchecked } = description;
  return [
    ...inputLines(description),
    ...(description.absentSecrets.length > 0 ? [`Optional secrets without a value: ${description.absentSecrets.join(', ')}`, ''] : []),
    ...steps.flatMap((step) => [...pipelines.filter(({ first }) => first === step.key).map(pipelineLine), ...stepLines(step), ...units.filter(({ last }) => last === step.key).flatMap(unitLines)]),
    '',
    ...(gates.length > 0 ? ['Gates:', ...indented(gates.flatMap(gateLines)), ''] : []),
    ...(windows.length > 0 ? ['Windows:', ...indented(windows.flatMap(windowLines)), ''] : []),
    pointOfNoReturn === undefined ? 'Point of no return: none. Every step can be rolled back or left in place.' : `Point of no return: ${pointOfNoReturn}`,
    ...groups.map(groupLine),
    ...(maxParallelRollbacks === undefined ? [] : [`Rollbacks at once: ${String(maxParallelRollbacks)}, not counting those that return traffic and those that come before them.`]),
    ...holdLines(description),
    ...(timeoutMs === undefined ? [] : [`Timeout: ${printDuration(timeoutMs)} after its start, waiting included, the run is paused.`]),
    unnoticedMs === undefined || unnoticedParkedMs === undefined
      ? 'No gate watches the run: a breach would go unnoticed.'
      : `A breach may stay unnoticed for ${printDuration(unnoticedMs)}, and for ${printDuration(unnoticedParkedMs)} while the run is parked.`,
    ...(notify.length > 0 ? [`Notifies: ${notify.join(', ')}`] : []),
    ...(unchecked.length > 0 ? ['Not checked:', ...uncheckedLines(unchecked)] : []),
  ];
}

const windowLines = ({ name, times, starts, isOpen, opens }: PlanDescription['windows'][number]): readonly string[] => [
  `${name} (${times}): ${isOpen ? 'open now' : opens === undefined ? 'does not open within a year' : `opens next ${opens}`}`,
  `  only then may start: ${starts.join(', ')}`,
];

const groupLine = ({ group, before, onConflict }: TakenGroup): string =>
  `Group of runs: ${group}, taken before ${before}. While another run holds it, this one ${conflictTexts[onConflict]}.`;

const conflictTexts: Readonly<Record<OnConflict, string>> = { fail: 'fails', wait: 'waits', supersede: 'has the other one rolled back' };

/** The values that decide, and where each came from. Nothing for a plan without inputs. */
function inputLines({ inputs, environment }: PlanDescription): readonly string[] {
  const lines = inputs.map(({ name, value, origin }) => `${name} = ${printValue(value)}${origin === '' ? '' : ` (${origin})`}`);
  const title = environment === undefined ? 'Inputs:' : `Inputs in the environment ${environment}:`;
  return inputs.length === 0 && environment === undefined ? [] : [lines.length === 0 ? `Environment: ${environment ?? ''}` : title, ...indented(lines), ''];
}

/** Nothing for a plan without holds. */
function holdLines({ minimumMs, holdsOfUnknownLength: unknown }: PlanDescription): readonly string[] {
  if (minimumMs === 0 && unknown.length === 0) return [];
  return [`Minimum duration: ${printDuration(minimumMs)} of holds${unknown.length > 0 ? `, plus the holds ${unknown.join(', ')}, whose length is known only during the run` : ''}.`];
}

/** Steps with the same reason share a line: nobody reads forty times that a command has no check. */
function uncheckedLines(unchecked: PlanDescription['unchecked']): readonly string[] {
  const reasons = Map.groupBy(unchecked, ({ because }) => because);
  return [...reasons].map(([because, steps]) => `  ${steps.map(({ key }) => key).join(', ')}: ${because}`);
}

/** Before the first step of a sub-pipeline: its file, and the values of its inputs. */
function pipelineLine({ key, pipeline: { file, inputs, laterInputs = [] } }: PlanDescription['pipelines'][number]): string {
  const values = [...Object.entries<Value>(inputs), ...laterInputs.map(({ name, value }) => [name, value] as const)];
  const text = values.map(([name, value]) => `${name}: ${printValue(value)}`).join(', ');
  return `${key} is ${file}${text === '' ? '' : ` with ${text}`}`;
}

function stepLines(description: StepDescription): readonly string[] {
  const { key, step, preview } = description;
  if (description.leftOut !== undefined) return [`${key}: left out: ${description.leftOut}`];
  if (description.isNever) return [`${key}: does not run with these inputs`];
  const { title, act, rollback } = step;
  const name = title === key || key.endsWith(`/${title}`) ? key : `${key}: ${title}`;
  return [
    `${name} (${act.act === 'task' ? rollbackAndTeardown(description) : act.act})`,
    ...indented([
      ...(preview ? [changeOf(preview)] : []),
      ...(preview?.unknownUntilRun?.length ? [`known only during the run: ${preview.unknownUntilRun.join(', ')}`] : []),
      ...actLines(step, preview !== undefined),
      ...(typeof rollback === 'object' ? ['rolled back by', ...indented(rollback.now.flatMap(rollbackStepLines))] : []),
    ]),
  ];
}

/** The rollback of a composite, after its last step. */
function unitLines({ key, rollback: { now, staged } }: PlanDescription['units'][number]): readonly string[] {
  if (staged === undefined || staged.length <= now.length) return [`${key} is rolled back as one by`, ...indented(now.flatMap(rollbackStepLines))];
  return [
    `${key} is rolled back as one in stages by`,
    ...indented(staged.flatMap(rollbackStepLines)),
    '  or at once by',
    ...indented(now.flatMap(rollbackStepLines)),
  ];
}

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

/** How a step is rolled back, in the words of its type where it has some, and when it is torn down. */
function rollbackAndTeardown({ rollback, preview, teardown }: StepDescription): string {
  const text = (preview?.rollback === undefined ? undefined : previewText(rollback, preview.rollback)) ?? rollbackTexts[rollback];
  return teardown === undefined ? text : `${text}; ${teardownTexts[teardown]}`;
}

function previewText(rollback: RollbackMeans, preview: string): string | undefined {
  if (rollback === 'automatic') return preview;
  return rollback === 'assisted' ? `with a person's help: ${preview}` : undefined;
}

function changeOf({ change, from, to }: NonNullable<StepDescription['preview']>): string {
  if (from === undefined && to === undefined) return change;
  return `${change}: ${from ?? '?'} → ${to ?? '?'}`;
}
