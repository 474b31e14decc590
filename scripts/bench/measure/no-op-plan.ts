import { bareGroup, barePlan, bareStep } from '../../../packages/engine/test/fixtures/bare-plan.ts';
import type { Plan, PlanStep } from '../../../packages/engine/src/plan/plan.ts';

/** `wide`: no step needs another; `chain`: each step needs the previous one. */
export type PlanForm = 'wide' | 'chain';

/** A plan with `count` tasks, as the planner builds it for `run:` steps of one stage. */
export function noOpPlan(count: number, form: PlanForm): Plan {
  const steps = Array.from({ length: count }, (_, i) => noOp(`only/s${i + 1}`, form === 'chain' && i > 0 ? [`only/s${i}`] : []));
  return barePlan({ name: form, steps, groups: [bareGroup(''), bareGroup('only')] });
}

const noOp = (key: string, needs: readonly string[]): PlanStep =>
  bareStep(key, {
    needs,
    act: { act: 'task', uses: 'relpipe.run', with: { command: 'true' }, attemptTimeoutMs: 600_000 },
    retry: { attempts: 1, losses: 3, firstMs: 2_000, maxMs: 60_000 },
  });
