import { everyStep } from '../every-step.ts';
import type { Rule } from './rule.ts';

/** A step that cannot be taken back has no steps that take it back. */
export const nothingIrreversibleIsUndone: Rule = (pipeline, reading) => {
  for (const step of everyStep(pipeline)) {
    if (!step.irreversible || step.rollback === undefined) continue;
    const related = [{ at: step.placeOf(['rollback']), note: 'its way back' }];
    reading.report('REL_ROLLBACK_OF_IRREVERSIBLE', { step: step.id }, step.placeOf(['irreversible']), related);
  }
};
