import type { OutlinedStep } from '../outline.ts';
import type { Reading } from '../reading.ts';
import type { Rule } from './rule.ts';

/** A gate is named under `gates:` before a step watches it, and watches a step once. */
export const gatesExist: Rule = (_, reading) => {
  const known = reading.outline.gates;
  for (const step of reading.outline.steps) {
    for (const { gate, path: inside } of step.gates) {
      if (!known.includes(gate)) reading.reportUnknown('gate', gate, known, placeOfGate(step, gate, inside, reading));
    }
    // `gate: health` beside `gates: [{ health: freeze }]` says what follows.
    const watched = step.gates.filter(({ path }) => path[0] === 'gates');
    for (const [index, { gate, path: inside }] of watched.entries()) {
      const isFirst = watched.findIndex((other) => other.gate === gate) === index;
      if (!isFirst) reading.report('REL_ITEM_DUPLICATE', { key: 'gates', item: gate }, placeOfGate(step, gate, inside, reading));
    }
  }
};

function placeOfGate({ path }: OutlinedStep, gate: string, inside: OutlinedStep['gates'][number]['path'], { raw }: Reading) {
  const at = [...path, ...inside];
  return inside.at(-1) === gate ? raw.placeOfKey(at) : raw.placeOf(at);
}
