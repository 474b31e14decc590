import type { StepSymbol } from '../step-symbols.ts';
import type { Rule } from '../validation-context.ts';

/** Outputs, logs and rollbacks refer to a step by its id alone. */
export const idsAreUnique: Rule = (_, context) => {
  const first = new Map<string, StepSymbol>();
  for (const step of context.symbols.steps) {
    const other = first.get(step.id);
    if (!other) {
      first.set(step.id, step);
      continue;
    }
    const related = [{ at: context.raw.placeOf([...other.path, 'id']), note: 'first used here' }];
    context.report('REL_ID_DUPLICATE', { id: step.id }, [...step.path, 'id'], related);
  }
};

/** The key of a plan's `finally` group; a stage or a step of that name would share it. */
const reserved = 'finally';

/** The groups that relpipe adds to a plan have names, too. */
export const idsAreNotReserved: Rule = (_, context) => {
  const { stages, steps } = context.symbols;
  if (stages.has(reserved)) {
    context.report('REL_NAME_RESERVED', { what: 'stage', name: reserved }, context.raw.placeOfKey(['stages', reserved]));
  }
  for (const { id, path } of steps) {
    if (id === reserved) context.report('REL_NAME_RESERVED', { what: 'step', name: reserved }, [...path, 'id']);
  }
};
