import type { Plan, RollbackSteps } from '../../plan/plan.ts';

const widest = 44;

/** Width of the column of step keys: the longest of the plan, within reason. */
export const keyWidthOf = (plan: Plan): number =>
  [...plan.steps, ...plan.groups]
    .flatMap((unit) => [unit.key, ...undoKeys(unit.rollback)])
    .reduce((width, { length }) => Math.min(widest, Math.max(width, length)), 0);

const undoKeys = (undo: RollbackSteps | string | undefined): readonly string[] =>
  typeof undo === 'object' ? [...undo.now, ...(undo.staged ?? [])].map(({ key }) => key) : [];

/** A key cut from the left, where keys are alike, and filled up to the width. */
export const keyCell = (key: string, width: number): string =>
  (key.length > width ? `…${key.slice(key.length - width + 1)}` : key).padEnd(width);
