import type { TeardownScope } from '../contract/index.ts';
import { printDuration } from '../expressions/quantities/duration.ts';
import type { PlanDescription, StepDescription, UndoneHow } from './describe-plan.ts';

const undone: Readonly<Record<UndoneHow, string>> = {
  'by-itself': 'undone by itself',
  'with-help': "undone with a person's help",
  'by-steps': 'undone by steps of its own',
  needless: 'nothing to undo',
  'not-at-all': 'nothing undoes it',
  impossible: 'cannot be undone',
};

const released: Readonly<Record<TeardownScope, string>> = {
  step: 'released when it has ended',
  stage: 'released at the end of its stage',
  run: 'released at the end of the run',
};

/** The plan for people, line by line. */
export function printPlan(description: PlanDescription): readonly string[] {
  const { steps, pointOfNoReturn, unnoticedMs, unnoticedParkedMs, reporters, unchecked } = description;
  return [
    ...steps.flatMap(stepLines),
    '',
    pointOfNoReturn === undefined ? 'Point of no return: none, every step can be left or undone.' : `Point of no return: ${pointOfNoReturn}`,
    ...holdLines(description),
    unnoticedMs === undefined || unnoticedParkedMs === undefined
      ? 'No gate watches: a breach would go unnoticed.'
      : `A breach could go unnoticed for ${printDuration(unnoticedMs)}, while the run is parked for ${printDuration(unnoticedParkedMs)}.`,
    ...(reporters.length > 0 ? [`Told of the run: ${reporters.join(', ')}`] : []),
    ...(unchecked.length > 0 ? ['Not checked:', ...uncheckedLines(unchecked)] : []),
  ];
}

/** Nothing where nothing holds. */
function holdLines({ leastMs, holdsOfUnknownLength: unknown }: PlanDescription): readonly string[] {
  if (leastMs === 0 && unknown.length === 0) return [];
  return [`Takes at least ${printDuration(leastMs)} of holds${unknown.length > 0 ? `, and those of ${unknown.join(', ')}` : ''}.`];
}

/** Steps with the same reason share a line: nobody reads forty times that a command has no check. */
function uncheckedLines(unchecked: PlanDescription['unchecked']): readonly string[] {
  const reasons = Map.groupBy(unchecked, ({ because }) => because);
  return [...reasons].map(([because, steps]) => `  ${steps.map(({ key }) => key).join(', ')}: ${because}`);
}

function stepLines(step: StepDescription): readonly string[] {
  const { key, title, act, preview } = step;
  if (step.isNever) return [`${key}: does not run with these inputs`];
  const name = title === key || key.endsWith(`/${title}`) ? key : `${key}: ${title}`;
  const lines = [`${name} (${act === 'task' ? whatRemains(step) : act})`];
  if (preview) lines.push(`  ${changeOf(preview)}`);
  if (preview?.unknownUntilRun?.length) lines.push(`  known in the run only: ${preview.unknownUntilRun.join(', ')}`);
  return lines;
}

/** How it is taken back, and when what it starts is stopped. */
function whatRemains({ undone: how, preview, released: scope }: StepDescription): string {
  const own = preview?.rollback === undefined ? undefined : how === 'by-itself' ? preview.rollback : how === 'with-help' ? `with a person's help: ${preview.rollback}` : undefined;
  const undo = own ?? undone[how];
  return scope === undefined ? undo : `${undo}; ${released[scope]}`;
}

function changeOf({ change, from, to }: NonNullable<StepDescription['preview']>): string {
  if (from === undefined && to === undefined) return change;
  return `${change}: ${from ?? '?'} → ${to ?? '?'}`;
}
