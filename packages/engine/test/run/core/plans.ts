import type { Group, Plan, PlanStep, RollbackSteps } from '../../../src/plan/plan.ts';
import { addTeardowns } from '../../../src/plan/teardown.ts';
import type { PluginRegistry } from '../../../src/plugins/registry.ts';
import type { Command, FactBody } from '../../../src/run/core/fact.ts';
import type { Op } from '../../../src/run/core/operation.ts';
import { rules } from '../../../src/run/core/rules-version.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { bareGroup, barePlan, bareStep } from '../../fixtures/bare-plan.ts';

export const hour = 3_600_000;
export const minute = 60_000;

/** A plain task; every field can be overridden. */
export const task = (key: string, more: Partial<PlanStep> = {}): PlanStep =>
  bareStep(key, {
    title: key,
    act: { act: 'task', uses: 'test.step', with: {}, attemptTimeoutMs: 600_000 },
    rollback: 'automatic',
    onLost: 'probe',
    ...more,
  });

export const hold = (key: string, length: string, more: Partial<PlanStep> = {}): PlanStep =>
  task(key, { act: { act: 'hold', for: length, atEnd: 'wait' }, rollback: 'nothing', ...more });

export const approval = (key: string, quorum: number, of: readonly string[], more: Partial<PlanStep> = {}): PlanStep =>
  task(key, { act: { act: 'approval', ask: 'Go on?', quorum, of }, rollback: 'nothing', ...more });

export const group = (key: string, more: Partial<Group> = {}): Group => bareGroup(key, { title: key, ...more });

type Scope = NonNullable<PlanStep['teardown']>;

/** A task that starts something, which is torn down at the end of the scope. */
export const service = (key: string, scope: Scope, more: Partial<PlanStep> = {}): PlanStep =>
  task(key, { act: serviceAct(scope), rollback: 'nothing', ...more });

export const serviceAct = (scope: Scope): PlanStep['act'] => ({ act: 'task', uses: `test.service-${scope}`, with: { port: 6399 }, attemptTimeoutMs: 600_000 });

const services = (['step', 'stage', 'run'] as const).map((scope) => [`test.service-${scope}`, { teardown: { scope } }] as const);
const registry = { steps: new Map<string, unknown>(services) } as unknown as PluginRegistry;

/** A plan of these steps; missing stages are derived from the keys. */
export function planOf(steps: readonly PlanStep[], groups: readonly Group[] = []): Plan {
  const given = new Set(groups.map(({ key }) => key));
  const missing = [...new Set(steps.map((step) => step.group))].filter((key) => key !== '' && !given.has(key));
  const all = [bareGroup(''), ...missing.map((key) => group(key)), ...groups].sort((a, b) => depth(a.key) - depth(b.key));
  return barePlan(addTeardowns({ steps, groups: all }, registry));
}

const depth = (key: string): number => (key === '' ? 0 : key.split('/').length);

export const rollbackList = (now: readonly PlanStep[], staged: readonly PlanStep[]): RollbackSteps => ({
  now: now.map((step) => ({ ...step, phase: 'rollback' as const, rollback: 'nothing' as const })),
  staged: staged.map((step) => ({ ...step, phase: 'rollback' as const, rollback: 'nothing' as const })),
});

export const ok = (key: string, output = {}): FactBody => ({ fact: 'ended', key, result: { status: 'succeeded', output } });

export const failed = (key: string, retryable = false): FactBody => ({
  fact: 'ended',
  key,
  result: { status: 'failed', failure: { code: 'TEST_FAILED', message: 'it broke', retryable } },
});

export const notCalled = (key: string): FactBody => ({
  fact: 'ended',
  key,
  result: { status: 'failed', failure: { code: 'TEST_NOT_CALLED', message: 'it makes no sense', retryable: false }, acted: false },
});

export const probed = (key: string, found: 'done' | 'not-done' | 'partly' | 'conflict' | 'unknown'): FactBody => ({
  fact: 'ended',
  key,
  result: { status: 'probed', found, output: {} },
});

type Judged = Extract<FactBody, { fact: 'evaluated' }>;

export const judged = (key: string, more: Partial<Judged> = {}): FactBody => ({
  fact: 'evaluated',
  key,
  verdict: 'pass',
  because: 'as it should be',
  critical: false,
  conclusive: true,
  measured: 10,
  observedAt: 0,
  coveredUntil: 0,
  records: 0,
  evidence: '',
  ...more,
});

/** The plan, of which the run and its stages need these groups of runs, by their keys. */
export const withGroups = (plan: Plan, concurrency: Readonly<Record<string, Group['concurrency']>>): Plan => ({
  ...plan,
  groups: plan.groups.map((one) => ({ ...one, ...(concurrency[one.key] && { concurrency: concurrency[one.key] }) }) as Group),
});

/** The first fact of a run of this plan. */
export const planned = (plan: Plan, parallel = 4, run = 'r1'): FactBody & { fact: 'planned' } => ({
  fact: 'planned', run, plan, parallel, who: { who: 'ann', by: 'os-user' }, rules, engine: '0.1.0',
});

export const rollback: Command = { name: 'rollback', urgency: 'staged' };

export const commanded = (id: string, command: Command, reason: string): FactBody => ({
  fact: 'commanded', id, who: { who: 'ann', by: 'os-user' }, command, reason,
});

/** Tasks succeed after a second and watches pass, unless the test says otherwise. */
export const world =
  (special: (op: Op) => ReturnType<Script> | undefined = () => undefined): Script =>
  (op) => {
    const answer = special(op);
    if (answer) return answer;
    if (op.op === 'task') return [[1_000, op.verb === 'probe' ? probed(op.key, 'not-done') : ok(op.key)]];
    if (op.op === 'watch') return op.until === undefined ? [[2_000, judged(op.key)]] : [[op.until - op.from, judged(op.key, { coveredUntil: op.until })]];
    return [];
  };
