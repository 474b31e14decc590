import type { Group, Plan, PlanStep } from '../../../packages/engine/src/plan/plan.ts';

/** `wide`: no step needs another; `chain`: each needs the one before. */
export type PlanForm = 'wide' | 'chain';

/** A plan of so many tasks, as the planner would build it for `run:` steps of one stage. */
export function noOpPlan(count: number, form: PlanForm): Plan {
  const steps = Array.from({ length: count }, (_, i) => taskStep(`only/s${i + 1}`, form === 'chain' && i > 0 ? [`only/s${i}`] : []));
  return {
    format: 1,
    name: form,
    fingerprint: '',
    source: { file: 'release.pipeline.yaml' },
    inputs: {},
    secrets: [],
    types: { inputs: {}, steps: {}, secrets: [] },
    named: {},
    gates: {},
    plugins: [],
    steps,
    groups: [root, stage],
    outputs: {},
  };
}

const taskStep = (key: string, needs: readonly string[]): PlanStep => ({
  key,
  id: key.slice('only/'.length),
  title: key,
  needs,
  group: 'only',
  phase: 'main',
  act: { act: 'task', uses: 'relpipe.run', with: { command: 'true' }, attemptTimeoutMs: 600_000 },
  gates: [],
  retry: { attempts: 1, firstMs: 2000, maxMs: 60_000 },
  maxBlindMs: 900_000,
  undo: 'nothing',
  savesState: false,
  onLost: 'ask',
  onFailure: 'rollback',
});

const root: Group = { key: '', kind: 'run', title: '', needs: [], failFast: false, onFailure: 'rollback' };
const stage: Group = { key: 'only', kind: 'stage', title: 'only', parent: '', needs: [], failFast: false, onFailure: 'rollback' };
