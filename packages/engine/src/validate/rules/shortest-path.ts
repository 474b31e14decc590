import type { StageDeclaration, StepDeclaration } from '../valid-pipeline.ts';

/**
 * The steps that have to work one after the other before the stage can end, on the quickest of its ways from a step that needs nothing to
 * one that nothing needs. A step is as long as its own `timeout`; without one nothing is known, and it counts nothing.
 */
export function shortestPath({ steps, parallel }: StageDeclaration): readonly StepDeclaration[] {
  if (!parallel) return steps;
  const byId = new Map(steps.map((step) => [step.id, step]));
  const paths = new Map<StepDeclaration, readonly StepDeclaration[]>();
  const pathTo = (step: StepDeclaration): readonly StepDeclaration[] => {
    const known = paths.get(step);
    if (known) return known;
    // A circle of needs is said elsewhere; here it only has to end.
    paths.set(step, []);
    const path = [...shortestOf(step.needs.flatMap((id) => byId.get(id) ?? []).map(pathTo)), step];
    paths.set(step, path);
    return path;
  };
  const needed = new Set(steps.flatMap(({ needs }) => needs));
  return shortestOf(steps.filter(({ id }) => !needed.has(id)).map(pathTo));
}

/** How long the steps may work, one after the other. */
export const workOf = (path: readonly StepDeclaration[]): number => path.reduce((sum, step) => sum + workOfStep(step), 0);

const workOfStep = ({ action: { kind }, timeoutMs = 0 }: StepDeclaration): number => (kind === 'task' || kind === 'composite' ? timeoutMs : 0);

const shortestOf = (paths: readonly (readonly StepDeclaration[])[]): readonly StepDeclaration[] =>
  paths.reduce((shortest, path) => (workOf(path) < workOf(shortest) ? path : shortest), paths[0] ?? []);
