import type { OutlinedStep } from '../outline.ts';
import type { Rule } from './rule.ts';

/** Outputs, logs and rollbacks name a step by its id alone. */
export const idsAreUnique: Rule = (_, reading) => {
  const first = new Map<string, OutlinedStep>();
  for (const step of reading.outline.steps) {
    const other = first.get(step.id);
    if (!other) {
      first.set(step.id, step);
      continue;
    }
    const related = [{ at: reading.raw.placeOf([...other.path, 'id']), note: 'the first one' }];
    reading.report('REL_ID_DUPLICATE', { id: step.id }, [...step.path, 'id'], related);
  }
};
