import type { Path } from '../../load/raw-pipeline.ts';
import { findCycles } from '../../util/graph.ts';
import type { Rule, ValidationContext } from '../validation-context.ts';

interface Needing {
  readonly id: string;
  readonly path: Path;
  readonly needs: readonly string[];
}

/** A stage or step that needs itself, over however many others, would wait for ever. */
export const noCycles: Rule = (_, context) => {
  const stages = [...context.symbols.stages.values()];
  reportCycles(
    'stage',
    stages.map(({ id, needs }) => ({ id, needs, path: ['stages', id] })),
    context,
  );
  for (const { isParallel, steps } of stages) if (isParallel) reportCycles('step', steps, context);
};

/** As many of its edges are listed; more help nobody. */
const shownEdges = 10;

function reportCycles(what: string, all: readonly Needing[], context: ValidationContext): void {
  const byId = new Map(all.map((one) => [one.id, one]));
  for (const cycle of findCycles(new Map(all.map(({ id, needs }) => [id, needs])))) {
    const edges = cycle.slice(0, shownEdges).map((from, index) => ({ from, to: cycle[(index + 1) % cycle.length] ?? from }));
    const related = edges.map(({ from, to }) => ({
      at: placeOfNeed(byId.get(from), to, context),
      note: `${what} "${from}" needs "${to}"`,
    }));
    const [first] = related;
    if (first) context.report('REL_NEEDS_CYCLE', { what, cycle }, first.at, cycle.length > 1 ? related : []);
  }
}

const placeOfNeed = (from: Needing | undefined, to: string, { raw }: ValidationContext) =>
  raw.placeOf(from ? [...from.path, 'needs', from.needs.indexOf(to)] : []);
