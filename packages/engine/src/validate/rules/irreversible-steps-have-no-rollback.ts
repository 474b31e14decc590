import { allSteps } from '../valid-pipeline.ts';
import type { Rule } from '../validation-context.ts';

/** A step that cannot be rolled back has no rollback. */
export const irreversibleStepsHaveNoRollback: Rule = (pipeline, context) => {
  for (const step of allSteps(pipeline)) {
    if (!step.irreversible || step.rollback === undefined) continue;
    const related = [{ at: step.placeOf(['rollback']), note: 'its rollback' }];
    context.report('REL_ROLLBACK_OF_IRREVERSIBLE', { step: step.id }, step.placeOf(['irreversible']), related);
  }
};
