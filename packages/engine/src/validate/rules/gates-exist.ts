import type { StepDeclaration } from '../valid-pipeline.ts';
import { everyStep } from './every-step.ts';
import type { Rule } from './rule.ts';

/** A gate is named under `gates:` before a step watches it. */
export const gatesExist: Rule = (pipeline, reading) => {
  const known = reading.outline.gates;
  for (const step of everyStep(pipeline)) {
    for (const [index, { gate }] of step.gates.entries()) {
      if (!known.includes(gate)) reading.reportUnknown('gate', gate, known, placeOfGate(step, index));
    }
  }
};

/** A gate step's own gate comes before those it watches besides. */
const placeOfGate = (step: StepDeclaration, index: number) => {
  if (step.action.kind !== 'gate') return step.placeOf(['gates', index]);
  return step.placeOf(index === 0 ? ['gate'] : ['gates', index - 1]);
};
