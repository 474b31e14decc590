import type { Plan } from '../../plan/plan.ts';

const widest = 44;

/** Width of the column of step keys: the longest of the plan, within reason. */
export const keyWidthOf = (plan: Plan): number =>
  Math.min(widest, Math.max(0, ...[...plan.steps, ...plan.groups].map(({ key }) => key.length)));

/** A key cut from the left, where keys are alike, and filled up to the width. */
export const keyCell = (key: string, width: number): string =>
  (key.length > width ? `…${key.slice(key.length - width + 1)}` : key).padEnd(width);
