import type { StepSymbol } from '../step-symbols.ts';
import type { ValidationContext, Rule } from '../validation-context.ts';

/** A gate that a step watches is declared under `gates:`, and watches the step once. */
export const gatesExist: Rule = (_, context) => {
  const { gates } = context.symbols;
  const known = new Set(gates);
  for (const step of context.symbols.steps) {
    for (const { gate, path: inside } of step.gates) {
      if (!known.has(gate)) context.reportUnknown('gate', gate, gates, placeOfGate(step, gate, inside, context));
    }
    // `gate: health` beside `gates: [{ health: pause }]` says what follows when it fails.
    const watched = step.gates.filter(({ path }) => path[0] === 'gates');
    for (const [index, { gate, path: inside }] of watched.entries()) {
      const isFirst = watched.findIndex((other) => other.gate === gate) === index;
      if (!isFirst) context.report('REL_ITEM_DUPLICATE', { key: 'gates', item: gate }, placeOfGate(step, gate, inside, context));
    }
  }
};

function placeOfGate({ path }: StepSymbol, gate: string, inside: StepSymbol['gates'][number]['path'], { raw }: ValidationContext) {
  const at = [...path, ...inside];
  return inside.at(-1) === gate ? raw.placeOfKey(at) : raw.placeOf(at);
}
