import { needEndsOfPipelines } from '../../../src/plan/after-pipelines.ts';
import type { Dag } from '../../../src/plan/dag.ts';
import type { Group, Plan, PlanStep, RollbackSteps } from '../../../src/plan/plan.ts';
import type { PlanPipeline } from '../../../src/plan/plan-pipeline.ts';
import { group, planOf, task } from './plans.ts';

/** How often the stages of a plan are in it, and where. */
export type Nesting = 'flat' | 'cells' | 'deep';

/** The plan with its stages in sub-pipelines: in two cells of a matrix, one after the other, or two levels deep. */
export function nested(plan: Plan, nesting: Nesting): Plan {
  if (nesting === 'flat') return plan;
  const isInCells = nesting === 'cells';
  const inside = isInCells ? withoutTeardowns(plan) : around(withoutTeardowns(plan), ['r/sub'], []);
  const keys = isInCells ? ['r/sub/n=1', 'r/sub/n=2'] : ['r/sub'];
  const outer = around(inside, keys, isInCells ? [group('r/sub', { kind: 'matrix', needs: ['r/first'], maxParallel: 1 })] : []);
  const all = [...outer.steps, task('finally/close', { phase: 'finally', rollback: 'nothing', onLost: 'retry' })];
  const torn = planOf(all, [...outer.groups, group('finally', { kind: 'finally' })]);
  const pipelines = Object.fromEntries(torn.groups.flatMap(({ key, kind }) => (kind === 'pipeline' ? [[key, pipeline]] : [])));
  return { ...plan, ...needEndsOfPipelines(torn), pipelines };
}

const pipeline: PlanPipeline = { file: 'sub.pipeline.yaml', content: '', inputs: {}, types: { inputs: {}, steps: {}, secrets: [] }, named: {}, outputs: {} };

/** The nodes of a plan as the planner has them before it adds teardowns. */
function withoutTeardowns({ steps, groups }: Dag): Dag {
  const cleared = <T extends { readonly needs: readonly string[] }>(node: T): T => ({ ...node, needs: node.needs.filter((need) => !need.includes(':')) });
  return {
    steps: steps.filter(({ phase }) => phase !== 'teardown').map(cleared),
    groups: groups.filter(({ key, kind }) => kind !== 'teardown' && key !== '').map(cleared),
  };
}

/** A stage with a step before and a step after sub-pipelines, each of which has these nodes. */
function around(inside: Dag, keys: readonly string[], groups: readonly Group[]): Dag {
  const copies = keys.map((key) => under(key, inside));
  const isAlone = groups.length === 0;
  return {
    steps: [task('r/first'), ...copies.flatMap(({ steps }) => steps), task('r/last', { needs: ['r/sub'] })],
    groups: [
      group('r'),
      ...groups,
      ...keys.flatMap((key, n) => [group(key, { kind: 'pipeline', needs: isAlone ? ['r/first'] : [] }), ...(copies[n]?.groups ?? [])]),
    ],
  };
}

function under(prefix: string, { steps, groups }: Dag): Dag {
  const moved = (key: string): string => (key === '' ? prefix : `${prefix}/${key}`);
  const stepUnder = (step: PlanStep): PlanStep => ({
    ...step,
    key: moved(step.key),
    group: moved(step.group),
    needs: step.needs.map(moved),
    rollback: typeof step.rollback === 'object' ? listsUnder(step.rollback) : step.rollback,
  });
  const listsUnder = ({ now, staged }: RollbackSteps): RollbackSteps => ({ now: now.map(stepUnder), ...(staged && { staged: staged.map(stepUnder) }) });
  return {
    steps: steps.map(stepUnder),
    groups: groups.map((one) => ({
      ...one,
      key: moved(one.key),
      needs: one.needs.map(moved),
      ...(one.parent !== undefined && { parent: moved(one.parent) }),
      ...(one.rollback && { rollback: listsUnder(one.rollback) }),
    })),
  };
}
