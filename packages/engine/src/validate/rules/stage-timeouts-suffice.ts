import { printQuantity } from '../../expressions/quantities/quantity.ts';
import type { Rule } from './rule.ts';

/**
 * The stage's time must be enough for its shortest path. Holds and approvals do not count, and how long a command will work is not known
 * from the file; what is known is how long a step of the path is allowed to work by its own `timeout`. A stage that ends earlier than one of
 * its own steps may makes that step's limit meaningless.
 */
export const stageTimeoutsSuffice: Rule = ({ stages }, reading) => {
  for (const { id, timeoutMs, steps } of stages) {
    if (timeoutMs === undefined) continue;
    for (const step of steps) {
      const isWorking = step.action.kind === 'task' || step.action.kind === 'composite';
      if (!isWorking || step.timeoutMs === undefined || step.timeoutMs <= timeoutMs) continue;
      const details = { stage: id, limit: printQuantity('duration', timeoutMs), step: step.id, needed: printQuantity('duration', step.timeoutMs) };
      const related = [{ at: step.placeOf(['timeout']), note: `step "${step.id}" may work for ${details.needed}` }];
      reading.report('REL_STAGE_TIMEOUT_SHORT', details, ['stages', id, 'timeout'], related);
    }
  }
};
