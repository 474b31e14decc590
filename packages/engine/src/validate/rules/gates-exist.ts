import type { Rule } from './rule.ts';

/** A gate is named under `gates:` before a step watches it. */
export const gatesExist: Rule = (_, reading) => {
  const known = reading.outline.gates;
  for (const { gates, path } of reading.outline.steps) {
    for (const { gate, path: inside } of gates) {
      if (known.includes(gate)) continue;
      const at = [...path, ...inside];
      reading.reportUnknown('gate', gate, known, inside.at(-1) === gate ? reading.raw.placeOfKey(at) : at);
    }
  }
};
