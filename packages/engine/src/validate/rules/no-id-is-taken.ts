import type { Rule } from './rule.ts';

/** The key of a plan's `finally` group; a stage or a step of that name would share it. */
const taken = 'finally';

/** The groups that relpipe itself adds to a plan have names, too. */
export const noIdIsTaken: Rule = (_, reading) => {
  const { stages, steps } = reading.outline;
  if (stages.has(taken)) {
    reading.report('REL_NAME_RESERVED', { what: 'stage', name: taken }, reading.raw.placeOfKey(['stages', taken]));
  }
  for (const { id, path } of steps) {
    if (id === taken) reading.report('REL_NAME_RESERVED', { what: 'step', name: taken }, [...path, 'id']);
  }
};
