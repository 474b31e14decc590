import type { Path } from '../../load/raw-pipeline.ts';
import type { Reading } from '../reading.ts';
import { findCircles } from './find-circles.ts';
import type { Rule } from './rule.ts';

interface Needing {
  readonly id: string;
  readonly path: Path;
  readonly needs: readonly string[];
}

/** What needs itself, over however many others, would wait for ever. */
export const noCircles: Rule = (_, reading) => {
  const stages = [...reading.outline.stages.values()];
  reportCircles('stage', stages.map(({ id, needs }) => ({ id, needs, path: ['stages', id] })), reading);
  for (const { isParallel, steps } of stages) if (isParallel) reportCircles('step', steps, reading);
};

function reportCircles(what: string, all: readonly Needing[], reading: Reading): void {
  const byId = new Map(all.map((one) => [one.id, one]));
  for (const circle of findCircles(new Map(all.map(({ id, needs }) => [id, needs])))) {
    const edges = circle.map((id, index) => ({ from: id, to: circle[(index + 1) % circle.length] ?? id }));
    const related = edges.map(({ from, to }) => ({
      at: placeOfNeed(byId.get(from), to, reading),
      note: `${what} "${from}" needs "${to}"`,
    }));
    const [first] = related;
    if (first) reading.report('REL_NEEDS_CYCLE', { what, cycle: circle }, first.at, circle.length > 1 ? related : []);
  }
}

const placeOfNeed = (from: Needing | undefined, to: string, reading: Reading) =>
  reading.raw.placeOf(from ? [...from.path, 'needs', from.needs.indexOf(to)] : []);
