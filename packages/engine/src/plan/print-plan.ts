import { printDuration } from '../expressions/duration.ts';
import type { PlanDescription, StepDescription, UndoneHow } from './describe-plan.ts';

const undone: Readonly<Record<UndoneHow, string>> = {
  'by-itself': 'undone by itself',
  'by-steps': 'undone by steps of its own',
  needless: 'nothing to undo',
  'not-at-all': 'nothing undoes it',
  impossible: 'cannot be undone',
};

/** The plan for people, line by line. */
export function printPlan(description: PlanDescription): readonly string[] {
  const { steps, pointOfNoReturn, leastMs, holdsOfUnknownLength, unnoticedMs, unnoticedParkedMs, unchecked } = description;
  return [
    ...steps.flatMap(stepLines),
    '',
    pointOfNoReturn === undefined ? 'Point of no return: none, every step can be left or undone.' : `Point of no return: ${pointOfNoReturn}`,
    `Takes at least ${printDuration(leastMs)} of holds${holdsOfUnknownLength.length > 0 ? `, and those of ${holdsOfUnknownLength.join(', ')}` : ''}.`,
    unnoticedMs === undefined || unnoticedParkedMs === undefined
      ? 'No gate watches: a breach would go unnoticed.'
      : `A breach could go unnoticed for ${printDuration(unnoticedMs)}, while the run is parked for ${printDuration(unnoticedParkedMs)}.`,
    ...(unchecked.length > 0 ? ['Not checked:', ...uncheckedLines(unchecked)] : []),
  ];
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
  const lines = [act === 'task' ? `${name} (${step.undone === 'by-itself' ? (preview?.undo ?? undone['by-itself']) : undone[step.undone]})` : `${name} (${act})`];
  if (preview) lines.push(`  ${changeOf(preview)}`);
  if (preview?.unknownUntilRun?.length) lines.push(`  known in the run only: ${preview.unknownUntilRun.join(', ')}`);
  return lines;
}

function changeOf({ change, from, to }: NonNullable<StepDescription['preview']>): string {
  if (from === undefined && to === undefined) return change;
  return `${change}: ${from ?? '?'} → ${to ?? '?'}`;
}
