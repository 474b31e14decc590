import { printQuantity } from '../../expressions/quantities/quantity.ts';
import type { Ms } from '../../model/ms.ts';
import { inNeedOrder } from '../../util/graph.ts';
import type { StageDeclaration, StepDeclaration } from '../valid-pipeline.ts';
import type { Rule } from '../validation-context.ts';

/**
 * The timeout of a stage must be enough for its shortest path. Holds and approvals do not count, and the file does not say how long a
 * command will work; it says how long a step is allowed to work, by the step's own `timeout`. A stage that ends earlier than one of its
 * steps may, or than the steps of each path through it may together, makes their timeouts meaningless.
 */
export const stageTimeoutsSuffice: Rule = ({ stages }, context) => {
  for (const stage of stages) {
    const { id, timeoutMs } = stage;
    if (timeoutMs === undefined) continue;
    for (const path of pathsOf(stage, timeoutMs)) {
      const working = path.filter((step) => workOf([step]) > 0);
      const related = working.map((step) => ({
        at: step.placeOf(['timeout']),
        note: `step "${step.id}" may work for ${print(workOf([step]))}`,
      }));
      const details = { stage: id, limit: print(timeoutMs), steps: working.map((step) => step.id), needed: print(workOf(path)) };
      context.report('REL_STAGE_TIMEOUT_TOO_SHORT', details, ['stages', id, 'timeout'], related);
    }
  }
};

/** The steps that are too long alone, or else the shortest path if it is. */
function pathsOf(stage: StageDeclaration, timeoutMs: number): readonly (readonly StepDeclaration[])[] {
  const isTooLong = (path: readonly StepDeclaration[]): boolean => workOf(path) > timeoutMs;
  const alone = stage.steps.map((step) => [step]).filter(isTooLong);
  return alone.length > 0 ? alone : [shortestPath(stage)].filter(isTooLong);
}

const print = (ms: number): string => printQuantity('duration', ms);

/**
 * The steps that must work one after the other before the stage can end, on the shortest of its paths from a step that needs nothing to one
 * that nothing needs. A step is as long as its own `timeout`; a step without one counts nothing, because nothing is known about it.
 */
export function shortestPath({ steps, parallel }: StageDeclaration): readonly StepDeclaration[] {
  if (!parallel) return steps;
  const pathTo = new Map<string, PathEnd>();
  // Around a cycle, which is reported by its own rule, one need has no path yet and is left out.
  for (const step of inNeedOrder(steps, ({ id }) => id)) {
    const before = shortestOf(step.needs.flatMap((id) => pathTo.get(id) ?? []));
    pathTo.set(step.id, { step, before, workMs: (before?.workMs ?? 0) + workOf([step]) });
  }
  const needed = new Set(steps.flatMap(({ needs }) => needs));
  const path: StepDeclaration[] = [];
  const last = steps.flatMap(({ id }) => (needed.has(id) ? [] : (pathTo.get(id) ?? [])));
  for (let end = shortestOf(last); end; end = end.before) path.push(end.step);
  return path.reverse();
}

/** The last step of a path, and how long the whole path works. */
interface PathEnd {
  readonly step: StepDeclaration;
  readonly before: PathEnd | undefined;
  readonly workMs: Ms;
}

const shortestOf = ([first, ...others]: readonly PathEnd[]): PathEnd | undefined =>
  others.reduce((shortest, path) => (shortest && path.workMs >= shortest.workMs ? shortest : path), first);

/** The time that the steps may work, one after the other. */
export const workOf = (path: readonly StepDeclaration[]): Ms =>
  path.reduce((sum, { action: { kind }, timeoutMs = 0 }) => sum + (kind === 'task' || kind === 'composite' ? timeoutMs : 0), 0);
