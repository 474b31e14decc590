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

/** Whether a decision costs the same per step for any number of steps: the core in a loop without journal and processes. */
export async function coreCost(): Promise<readonly Figure[]> {
  const figures = [await costOf('wide'), await costOf('chain')];
  // Both are printed; the worse one counts.
  return figures.toSorted((a, b) => b.ratio - a.ratio).slice(0, 1);
}

async function costOf(form: PlanForm): Promise<Figure> {
  const [large, small] = [noOpPlan(many, form), noOpPlan(few, form)];
  const measured = await pairs(rounds, () => usPerStep(large, 1), () => usPerStep(small, many / few));
  return figureOf({ name: 'core-cost-per-step', unit: 'µs', peer: `the same at 1,000 steps, ${form}`, target: 1.3, better: 'lower' }, measured);
}

function usPerStep(plan: Plan, times: number): number {
  globalThis.gc?.();
  const startedAt = performance.now();
  for (let i = 0; i < times; i += 1) runThrough(plan);
  return ((performance.now() - startedAt) * 1000) / (plan.steps.length * times);
}

function runThrough(plan: Plan): void {
  const state = newRunState();
  /** The operations that a runtime would be executing. */
  const open: string[] = [];
  let seq = 0;
  const fold = (body: FactBody): void => void evolve(state, { ...body, seq: (seq += 1), at: seq });
  fold({ fact: 'planned', run: 'bench', plan, parallel: 4, who: { who: 'bench', by: 'flag' }, rules: 0, engine: 'bench' });
  for (let ended = 0; ; ended += 1) {
    const { changes, idle } = decide(state, noExpressions);
    for (const change of changes) if (change.do === 'start') open.push(change.op.key);
    if (idle.idle !== 'wait') return assertSuccess(idle.idle === 'over' && idle.outcome === 'succeeded' && ended === plan.steps.length);
    const key = open.shift();
    assertSuccess(key !== undefined);
    fold({ fact: 'ended', key, result: { status: 'succeeded', output: {} } });
  }
}

function assertSuccess(isTrue: boolean): asserts isTrue {
  if (!isTrue) throw new Error('The run did not succeed, so that its cost is not a result.');
}

const noExpressions = (source: string): never => {
  throw new Error(`The plan has no expression, but ${source}.`);
};
