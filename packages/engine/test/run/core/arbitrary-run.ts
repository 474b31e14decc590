import fc from 'fast-check';
import type { Group, Plan, PlanStep } from '../../../src/plan/plan.ts';
import type { Command, FactBody, Result } from '../../../src/run/core/fact.ts';
import type { Policy } from '../../../src/run/core/decide/policy.ts';
import type { Op } from '../../../src/run/core/operation.ts';
import type { OnFailure } from '../../../src/model/mode.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { nested, type Nesting } from './nested-plan.ts';
import { approval, commanded, group, hold, judged, minute, planOf, serviceAct, task, rollbackList } from './plans.ts';
import { runPlan, takeUp, type Simulation } from './run-plan.ts';

/** A plan, a world and how many tasks may run at once. */
export type GivenRun = readonly [Plan, World, parallel: number];

export const runOf = ([plan, { script, inbox }, parallel]: GivenRun, policy?: Policy): Promise<Simulation> =>
  runPlan(plan, script, { inbox, parallel, ...(policy && { policy }) });

/** The run of which the process was killed at a place of its journal, 0 to 1, driven to its end by another. */
export const takenUp = ([, { script }]: GivenRun, journal: Simulation['journal'], where: number): Promise<Simulation> =>
  takeUp({ journal: journal.slice(0, Math.max(1, Math.floor(journal.length * where))) }, script, []);

const onFailure = fc.constantFrom<OnFailure>('rollback', 'rollback', 'rollback', 'pause', 'stop', 'continue');

type WindowName = 'none' | keyof typeof windows;

/** The clock of a run starts at midnight: each of them opens and closes while a run goes on, or soon after. */
const windows = {
  now: { hours: '00:00..00:01', zone: 'UTC' },
  soon: { hours: '00:01..00:02', zone: 'UTC' },
  tomorrow: { days: ['fri'], hours: '23:30..00:30', zone: 'UTC' },
} as const;
const window = fc.constantFrom<WindowName>('none', 'none', 'none', 'none', 'none', 'none', 'now', 'soon', 'tomorrow');
const windowOf = (name: WindowName): Pick<PlanStep, 'window'> => (name === 'none' ? {} : { window: [name] });

interface StepSeed {
  readonly kind: 'task' | 'hold' | 'approval' | 'gate' | 'composite' | 'matrix';
  readonly rollback: 'automatic' | 'assisted' | 'nothing' | 'impossible' | 'steps';
  readonly savesState: boolean;
  readonly restoresTraffic: boolean;
  readonly onLost: 'probe' | 'retry' | 'ask';
  readonly onFailure: OnFailure;
  readonly isSkipped: boolean;
  readonly isWatched: boolean;
  readonly teardown: PlanStep['teardown'] | 'never';
  readonly window: WindowName;
}

const stepSeed: fc.Arbitrary<StepSeed> = fc.record({
  kind: fc.constantFrom('task', 'task', 'task', 'hold', 'approval', 'gate', 'composite', 'matrix'),
  rollback: fc.constantFrom('automatic', 'automatic', 'assisted', 'nothing', 'steps', 'impossible'),
  savesState: fc.boolean(),
  restoresTraffic: fc.nat(3).map((n) => n === 0),
  onLost: fc.constantFrom('probe', 'retry', 'ask'),
  onFailure,
  isSkipped: fc.nat(9).map((n) => n === 0),
  isWatched: fc.nat(4).map((n) => n === 0),
  teardown: fc.constantFrom('never', 'never', 'never', 'step', 'stage', 'run'),
  window,
});

interface StageSeed {
  readonly steps: readonly StepSeed[];
  readonly needs: readonly number[];
  readonly isParallel: boolean;
  readonly isSkipped: boolean;
  readonly maxParallel: number;
  readonly hasFinally: boolean;
  readonly finallyTeardown: StepSeed['teardown'];
  readonly timeoutMs: number;
  readonly window: WindowName;
}

const stageSeed: fc.Arbitrary<StageSeed> = fc.record({
  steps: fc.array(stepSeed, { minLength: 1, maxLength: 4 }),
  needs: fc.array(fc.nat(5), { maxLength: 2 }),
  isParallel: fc.boolean(),
  isSkipped: fc.nat(9).map((n) => n === 0),
  maxParallel: fc.integer({ min: 1, max: 4 }),
  hasFinally: fc.boolean(),
  finallyTeardown: fc.constantFrom('never', 'never', 'step', 'stage', 'run'),
  timeoutMs: fc.constantFrom(0, 0, 0, 3_000),
  window,
});

const nesting = fc.constantFrom<Nesting>('flat', 'flat', 'flat', 'cells', 'deep');

/** Random plans of up to five stages with every kind of step, chained or side by side, some of them in sub-pipelines. */
const arbitraryPlan: fc.Arbitrary<Plan> = fc
  .tuple(fc.array(stageSeed, { minLength: 1, maxLength: 5 }), fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }), nesting)
  .map(([stages, limit, how]) => ({ ...nested(planFrom(stages), how), ...(limit !== undefined && { maxParallelRollbacks: limit }) }));

function planFrom(stages: readonly StageSeed[]): Plan {
  const steps: PlanStep[] = [];
  const groups: Group[] = [];
  stages.forEach((stage, n) => addStage(stage, n, steps, groups));
  steps.push(task('finally/close', { phase: 'finally', rollback: 'nothing', onLost: 'retry' }));
  groups.push(group('finally', { kind: 'finally' }));
  return { ...planOf(steps, groups), windows };
}

function addStage(stage: StageSeed, n: number, steps: PlanStep[], groups: Group[]): void {
  const key = `s${String(n)}`;
  groups.push(
    group(key, {
      needs: [...new Set(stage.needs.filter((need) => need < n).map((need) => `s${String(need)}`))],
      ...windowOf(stage.window),
      ...(stage.isSkipped && { when: { $expr: 'false', reads: [] } }),
      ...(stage.isParallel && { maxParallel: stage.maxParallel }),
      ...(stage.timeoutMs > 0 && { timeoutMs: stage.timeoutMs }),
    }),
  );
  stage.steps.forEach((seed, i) => {
    const before = i > 0 && !stage.isParallel ? [`${key}/${String(i - 1)}`] : [];
    addStep(seed, key, `${key}/${String(i)}`, before, steps, groups);
  });
  if (!stage.hasFinally) return;
  groups.push(group(`${key}/finally`, { kind: 'finally' }));
  steps.push(task(`${key}/finally/stop`, { phase: 'finally', rollback: 'nothing', onLost: 'retry', ...actOf(stage.finallyTeardown) }));
}

function addStep(seed: StepSeed, stage: string, key: string, needs: readonly string[], steps: PlanStep[], groups: Group[]): void {
  const gates = seed.isWatched ? [{ gate: 'health' }] : [];
  const common = { group: stage, needs, onFailure: seed.onFailure, gates, ...windowOf(seed.window), ...(seed.isSkipped && { when: { $expr: 'false', reads: [] } }) };
  if (seed.kind === 'hold') steps.push(hold(key, '10s', { ...common }));
  else if (seed.kind === 'approval') steps.push(approval(key, 1, [], { ...common, timeoutMs: minute }));
  else if (seed.kind === 'gate') steps.push(task(key, { ...common, act: { act: 'gate' }, rollback: 'nothing', timeoutMs: minute, gates: [{ gate: 'health' }] }));
  else if (seed.kind === 'composite') addComposite(seed, stage, key, needs, steps, groups);
  else if (seed.kind === 'matrix') addMatrix(seed, stage, key, needs, steps, groups);
  else steps.push(task(key, { ...common, ...actOf(seed.teardown), ...trafficOf(seed), savesState: seed.savesState, onLost: seed.onLost, rollback: rollbackOf(seed, key) }));
}

const actOf = (teardown: StepSeed['teardown']): Partial<PlanStep> =>
  teardown === undefined || teardown === 'never' ? {} : { act: serviceAct(teardown) };

const trafficOf = ({ restoresTraffic }: StepSeed): Partial<PlanStep> => (restoresTraffic ? { restoresTraffic } : {});

const rollbackOf = (seed: StepSeed, key: string) =>
  seed.rollback === 'steps'
    ? rollbackList([task(`${key}/rollback/now`, { onLost: 'retry', ...actOf(seed.teardown) })], [task(`${key}/rollback/1`, { onLost: 'retry' }), task(`${key}/rollback/2`, { needs: [`${key}/rollback/1`], onLost: 'retry' })])
    : seed.rollback;

function addComposite(seed: StepSeed, stage: string, key: string, needs: readonly string[], steps: PlanStep[], groups: Group[]): void {
  const rollback = rollbackList([task(`${key}/rollback-now/restore`, { onLost: 'retry' })], [task(`${key}/rollback-staged/restore`, { onLost: 'retry' })]);
  groups.push(group(key, { kind: 'composite', parent: stage, needs, rollback, ...windowOf(seed.window) }));
  const common = { group: key, onFailure: seed.onFailure };
  steps.push(task(`${key}/1-shift`, { ...common, ...actOf(seed.teardown), ...trafficOf(seed), savesState: seed.savesState, onLost: 'probe' }));
  steps.push(hold(`${key}/1-hold`, '10s', { ...common, needs: [`${key}/1-shift`], gates: [{ gate: 'health' }] }));
  steps.push(task(`${key}/2-shift`, { ...common, ...actOf(seed.teardown), needs: [`${key}/1-hold`], savesState: seed.savesState, onLost: 'probe' }));
}

/** Three cells, two at a time. */
function addMatrix(seed: StepSeed, stage: string, key: string, needs: readonly string[], steps: PlanStep[], groups: Group[]): void {
  groups.push(group(key, { kind: 'matrix', parent: stage, needs, failFast: seed.isWatched, maxParallel: 2, ...windowOf(seed.window) }));
  const common = { group: key, onFailure: seed.onFailure, savesState: seed.savesState, onLost: seed.onLost, ...actOf(seed.teardown), ...trafficOf(seed) };
  for (const cell of ['a', 'b', 'c']) steps.push(task(`${key}/${cell}`, { ...common, rollback: rollbackOf(seed, `${key}/${cell}`) }));
}

/** The simulated world: random, but always the same for the same op, so that a resumed run meets the same world. */
interface World {
  readonly script: Script;
  readonly inbox: readonly (readonly [number, FactBody])[];
}

const arbitraryStep = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 4 })).map(([stage, n]) => `${stage}/${String(n)}`);

const arbitraryOrder: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>({ name: 'rollback', urgency: 'staged' }, { name: 'rollback', urgency: 'now' }, { name: 'pause' }, { name: 'stop' }, { name: 'continue' }),
  fc.record({ name: fc.constant('continue' as const), step: arbitraryStep }),
  fc.record({ name: fc.constant('continue' as const), step: arbitraryStep, accept: fc.constant(true as const) }),
);

const arbitraryWorld: fc.Arbitrary<World> = fc
  .record({
    seed: fc.integer(),
    badness: fc.constantFrom(0, 5, 20),
    orders: fc.array(fc.tuple(fc.integer({ min: 0, max: 60_000 }), arbitraryOrder), { maxLength: 3 }),
  })
  .map(({ seed, badness, orders }) => ({
    script: scriptFrom(seed, badness),
    inbox: orders.map(([at, order], i) => [at, commanded(`order-${String(i)}`, order, 'no')] as const).sort(([a], [b]) => a - b),
  }));

/** Any run. */
export const arbitraryRun: fc.Arbitrary<GivenRun> = fc.tuple(arbitraryPlan, arbitraryWorld, fc.integer({ min: 1, max: 4 }));

/** The run with some of the orders that it gets. */
export const withOrders = ([plan, world, parallel]: GivenRun, isKept: (order: Command) => boolean): GivenRun => [
  plan,
  { ...world, inbox: world.inbox.filter(([, fact]) => fact.fact === 'commanded' && isKept(fact.command)) },
  parallel,
];

const scriptFrom =
  (seed: number, badness: number): Script =>
  (op) => {
    const dice = hash(`${String(seed)} ${op.key}`);
    const isBad = dice % 100 < badness;
    const delay = (dice >>> 8) % 5_000;
    if (op.op === 'task') return [...savedBefore(op, dice), [delay, { fact: 'ended', key: op.key, result: resultOf(op, isBad, dice) }]];
    if (op.op === 'ask') return [[delay, { fact: 'answered', key: op.key, id: op.key, who: { who: 'bob', by: 'os-user' }, answer: isBad ? 'no' : 'yes', fingerprint: 'f1' }]];
    return op.op === 'watch' ? evaluations(op, isBad, dice, delay) : [];
  };

const savedBefore = (op: Extract<Op, { op: 'task' }>, dice: number): readonly (readonly [number, FactBody])[] =>
  op.verb === 'run' && dice % 3 === 0 ? [[0, { fact: 'saved', key: op.key, state: { previous: op.key } }]] : [];

function resultOf(op: Extract<Op, { op: 'task' }>, isBad: boolean, dice: number): Result {
  if (op.verb === 'confirm' && !isBad) return { status: 'probed', found: op.attempt > 3 || dice % 3 === 0 ? 'done' : 'not-done' };
  if (op.verb === 'probe') return { status: 'probed', found: (['done', 'not-done', 'partly', 'unknown', 'not-done'] as const)[(dice >>> 4) % 5] ?? 'unknown' };
  if (!isBad) return { status: 'succeeded', output: {} };
  if (dice % 7 === 0 && op.attempt < 3) return { status: 'lost' };
  return { status: 'failed', failure: { code: 'TEST_FAILED', message: 'it broke', retryable: dice % 2 === 0 } };
}

function evaluations(op: Extract<Op, { op: 'watch' }>, isBad: boolean, dice: number, delay: number): readonly (readonly [number, FactBody])[] {
  const end = op.until ?? op.from + 20_000;
  const verdict = isBad ? (['fail', 'warn', 'inconclusive', 'error'] as const)[(dice >>> 5) % 4] ?? 'fail' : 'pass';
  const measured = dice % 11 === 0 ? 0 : 3;
  return [
    [delay, judged(op.key, { verdict: 'pass', conclusive: false, measured: 1, coveredUntil: op.from + delay })],
    [end - op.from + (dice % 2) * 500, judged(op.key, { verdict, critical: dice % 3 === 0, measured, coveredUntil: end })],
  ];
}

/** FNV-1a. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (const character of text) h = Math.imul(h ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return h >>> 0;
}
