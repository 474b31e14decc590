import type { Plan } from '../../../packages/engine/src/plan/plan.ts';
import { decide } from '../../../packages/engine/src/run/core/decide.ts';
import { evolve } from '../../../packages/engine/src/run/core/evolve.ts';
import type { FactBody } from '../../../packages/engine/src/run/core/fact.ts';
import { newRunState } from '../../../packages/engine/src/run/core/state/run-state.ts';
import { figureOf, type Figure } from '../measure/figure.ts';
import { noOpPlan, type PlanForm } from '../measure/no-op-plan.ts';
import { pairs } from '../measure/side-by-side.ts';

const many = 100_000;
const few = 1000;
const rounds = 5;

/** Whether deciding costs the same per step however many there are: the core in a bare loop, no journal, no processes. */
export async function coreCost(): Promise<readonly Figure[]> {
  const figures = [await costOf('wide'), await costOf('chain')];
  // Both are told; the worse one counts.
  return figures.toSorted((a, b) => b.ratio - a.ratio).slice(0, 1);
}

async function costOf(form: PlanForm): Promise<Figure> {
  const [large, small] = [noOpPlan(many, form), noOpPlan(few, form)];
  const measured = await pairs(rounds, () => usPerStep(large, 1), () => usPerStep(small, many / few));
  return figureOf({ name: 'core-cost-per-step', unit: 'µs', peer: `the same at 1,000 steps, ${form}`, target: 1.2, better: 'lower' }, measured);
}

/** As often as it takes to come to the same number of steps. */
function usPerStep(plan: Plan, times: number): number {
  globalThis.gc?.();
  const beganAt = performance.now();
  for (let i = 0; i < times; i += 1) runThrough(plan);
  return ((performance.now() - beganAt) * 1000) / (plan.steps.length * times);
}

export function runThrough(plan: Plan): void {
  const state = newRunState();
  /** What a shell would be at, and forgets when it is done. */
  const open: string[] = [];
  let seq = 0;
  const fold = (body: FactBody): void => void evolve(state, { ...body, seq: (seq += 1), at: seq });
  fold({ fact: 'planned', run: 'bench', plan, parallel: 4, who: { who: 'bench', by: 'flag' }, rules: 2, engine: 'bench' });
  for (let ended = 0; ; ended += 1) {
    const { changes, idle } = decide(state, noExpressions);
    for (const change of changes) if (change.do === 'start') open.push(change.op.key);
    if (idle.idle !== 'wait') return insist(idle.idle === 'over' && idle.outcome === 'succeeded' && ended === plan.steps.length);
    const key = open.shift();
    insist(key !== undefined);
    fold({ fact: 'ended', key, result: { status: 'succeeded', output: {} } });
  }
}

function insist(isSo: boolean): asserts isSo {
  if (!isSo) throw new Error('The run did not end as it should: its cost says nothing.');
}

const noExpressions = (source: string): never => {
  throw new Error(`The plan has no expression, but ${source}.`);
};
