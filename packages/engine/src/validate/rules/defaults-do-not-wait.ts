import { findCycles } from '../../util/graph.ts';
import { inputsReadBy } from '../input-defaults.ts';
import type { Rule } from '../validation-context.ts';

/** The default of an input that reads itself, over however many others, would never have a value. */
export const defaultsDoNotWait: Rule = ({ inputs }, context) => {
  const reads = new Map(inputs.map((input) => [input.name, inputsReadBy(input.default)]));
  for (const cycle of findCycles(reads)) {
    const [first = ''] = cycle;
    context.report('REL_INPUT_DEFAULT_CYCLE', { cycle }, ['inputs', first, 'default']);
  }
};
