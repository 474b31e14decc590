import { printQuantity } from '../../expressions/quantities/quantity.ts';
import type { StageDeclaration, StepDeclaration } from '../valid-pipeline.ts';
import type { Rule } from './rule.ts';
import { shortestPath, workOf } from './shortest-path.ts';

/**
 * The stage's time must be enough for its shortest path. Holds and approvals do not count, and how long a command will work is not known
 * from the file; what is known is how long a step is allowed to work by its own `timeout`. A stage that ends earlier than one of its own
 * steps may, or than those on each way through it may together, makes their limits meaningless.
 */
export const stageTimeoutsSuffice: Rule = ({ stages }, reading) => {
  for (const stage of stages) {
    const { id, timeoutMs } = stage;
    if (timeoutMs === undefined) continue;
    for (const path of pathsOf(stage, timeoutMs)) {
      const working = path.filter((step) => workOf([step]) > 0);
      const related = working.map((step) => ({ at: step.placeOf(['timeout']), note: `step "${step.id}" may work for ${print(workOf([step]))}` }));
      const details = { stage: id, limit: print(timeoutMs), steps: working.map((step) => step.id), needed: print(workOf(path)) };
      reading.report('REL_STAGE_TIMEOUT_TOO_SHORT', details, ['stages', id, 'timeout'], related);
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
