import type { Change } from '../../../src/run/core/change.ts';
import type { Fact } from '../../../src/run/core/fact.ts';
import type { Op } from '../../../src/run/core/operation.ts';

/** A rule of the core, and how to see in a recorded run that it was applied. */
export interface PolicyInRuns {
  readonly n: number;
  readonly policy: string;
  readonly isIn: (facts: readonly Fact[]) => boolean;
}

const changesIn = (facts: readonly Fact[]): readonly Change[] => facts.flatMap((fact) => (fact.fact === 'decided' ? fact.changes : []));
const opsIn = (facts: readonly Fact[]): readonly Op[] => changesIn(facts).flatMap((change) => (change.do === 'start' ? [change.op] : []));
const some = (is: (change: Change) => boolean) => (facts: readonly Fact[]) => changesIn(facts).some(is);
const starts = (is: (op: Op) => boolean) => (facts: readonly Fact[]) => opsIn(facts).some(is);
const timer = (why: string) => starts((op) => op.op === 'timer' && op.why === why);
const ends = (status: string) => (facts: readonly Fact[]) => facts.some((fact) => fact.fact === 'ended' && fact.result.status === status);
const turns = (to: string) => some((change) => change.do === 'transition' && change.to === to);
const both = (...all: readonly ((facts: readonly Fact[]) => boolean)[]) => (facts: readonly Fact[]) => all.every((is) => is(facts));
const because = (part: string) => some((change) => 'because' in change && change.because.includes(part));
const failsWith = (code: string) => some((change) => 'failure' in change && change.failure.code === code);

/** Of each step, the lengths of its pauses in their order. */
const pausesIn = (facts: readonly Fact[]): readonly (readonly number[])[] => {
  const pauses = facts.flatMap((fact) => opsIn([fact]).flatMap((op) => (op.op === 'timer' && op.why === 'backoff' ? [{ step: op.step, ms: op.at - fact.at }] : [])));
  return [...Map.groupBy(pauses, ({ step }) => step).values()].map((own) => own.map(({ ms }) => ms));
};

/** The steps that fail in one decision. */
const failuresIn = (fact: Fact): readonly string[] =>
  changesIn([fact]).flatMap((change) => (change.do === 'finish' && change.end === 'failed' ? [change.step] : []));

const onFailureIn = (facts: readonly Fact[]): ReadonlyMap<string, string> =>
  new Map(facts.flatMap((fact) => (fact.fact === 'planned' ? fact.plan.steps.map(({ key, onFailure }) => [key, onFailure] as const) : [])));

/** In a run with a limit, one unit starts after another has ended, although nothing depends on it, and one that returns traffic starts at once. */
const waitsForSlot = (facts: readonly Fact[]): boolean => {
  const plan = facts.flatMap((fact) => (fact.fact === 'planned' ? [fact.plan] : []))[0];
  const changes = changesIn(facts).filter((change) => change.do === 'start-rollback' || change.do === 'finish-rollback');
  const firstEnd = changes.findIndex((change) => change.do === 'finish-rollback');
  const returning = new Set(plan?.steps.flatMap((step) => (step.restoresTraffic ? [step.key] : [])));
  return plan?.maxParallelRollbacks !== undefined && firstEnd > plan.maxParallelRollbacks && changes.slice(0, firstEnd).some(({ unit }) => returning.has(unit));
};

/** Each policy of the core, in the order of its files in `decide/`. */
export const policies: readonly PolicyInRuns[] = [
  { n: 1, policy: 'retry or fail', isIn: both(timer('backoff'), some((change) => change.do === 'finish' && change.end === 'failed')) },
  { n: 2, policy: 'the length of a pause', isIn: (facts) => pausesIn(facts).some(([first = 0, second = 0]) => first > 0 && second === 2 * first) },
  { n: 3, policy: 'after a pause, probe or run', isIn: both(timer('backoff'), starts((op) => op.op === 'task' && op.verb === 'probe')) },
  { n: 4, policy: 'a lost step is probed, repeated or asked about', isIn: ends('lost') },
  { n: 5, policy: 'what the answer of a probe means', isIn: ends('probed') },
  { n: 6, policy: 'a probe that fails is tried again, and given up', isIn: starts((op) => op.op === 'task' && op.verb === 'probe' && op.attempt === 3) },
  { n: 7, policy: 'a person is asked when nobody can tell', isIn: starts((op) => op.op === 'ask' && op.question === 'outcome-unknown') },
  { n: 8, policy: 'a person says that it had no effect', isIn: some((change) => change.do === 'queue' && change.notActed === true) },
  { n: 9, policy: 'which votes count, quorum and rejection', isIn: both(some((change) => change.do === 'vote' && change.counts), failsWith('REL_REJECTED')) },
  { n: 10, policy: 'what a breach leads to', isIn: both((facts) => facts.some((fact) => fact.fact === 'evaluated' && fact.verdict === 'fail'), some(({ do: change }) => change === 'stop' || change === 'block' || change === 'ignore-gate' || change === 'finish')) },
  { n: 11, policy: 'a critical breach leaves out the stages of a rollback', isIn: some((change) => change.do === 'transition' && change.urgency === 'now') },
  { n: 12, policy: 'a breach during a rollback', isIn: (facts) => facts.some((fact, n) => fact.fact === 'evaluated' && fact.verdict === 'fail' && turns('rollback')(facts.slice(0, n))) },
  { n: 13, policy: 'a hold is over, covered and measured', isIn: some(({ do: change }) => change === 'await-gates') },
  { n: 14, policy: 'gates get as long again after a hold', isIn: timer('wait') },
  { n: 15, policy: 'the timeout of an approval, a gate or a wait', isIn: failsWith('REL_WAIT_TIMED_OUT') },
  { n: 16, policy: 'a step that does not stop in time is unknown', isIn: both(timer('grace'), some((change) => change.do === 'finish' && change.end === 'unknown')) },
  { n: 17, policy: 'a stage worked too long', isIn: some((change) => change.do === 'cancel-group' && change.failed === true) },
  { n: 18, policy: 'how a group ends', isIn: both(some((change) => change.do === 'finish-group' && change.end === 'failed'), some((change) => change.do === 'finish-group' && change.end === 'succeeded')) },
  { n: 19, policy: 'fail-fast', isIn: because('is fail-fast') },
  { n: 20, policy: 'which on-failure wins', isIn: (facts) => facts.some((fact) => new Set(failuresIn(fact).map((step) => onFailureIn(facts).get(step))).size > 1) },
  { n: 21, policy: 'success in part', isIn: some((change) => change.do === 'end' && change.outcome === 'partially-succeeded') },
  { n: 22, policy: 'continue accepts, tries again or asks again', isIn: both(some(({ do: change }) => change === 'reopen'), turns('forward')) },
  { n: 23, policy: 'what a command means now', isIn: some((change) => change.do === 'heed' && !change.heeded) },
  { n: 24, policy: 'what a transition stops', isIn: both(turns('rollback'), some((change) => change.do === 'stop' && change.end === 'cancelled')) },
  { n: 25, policy: 'what never started is skipped when the run ends', isIn: both(turns('finally'), some((change) => change.do === 'finish-group' && change.end === 'skipped')) },
  { n: 26, policy: 'whether a step may have acted', isIn: some((change) => change.do === 'start' && change.acts === true) },
  { n: 27, policy: 'the order of a rollback, its list now or staged', isIn: some((change) => change.do === 'start-rollback' && change.list === 'staged') },
  { n: 28, policy: 'a rollback is tried again', isIn: timer('rollback-backoff') },
  { n: 29, policy: 'a staged rollback that fails goes on at once', isIn: (facts) => changesIn(facts).some((change) => change.do === 'start-rollback' && change.list === 'now' && changesIn(facts).some((other) => other.do === 'start-rollback' && other.unit === change.unit && other.list === 'staged')) },
  { n: 30, policy: 'a person rolls back', isIn: starts((op) => op.op === 'ask' && op.question === 'manual-rollback') },
  { n: 31, policy: 'an irreversible step halts the rollback, or stays in place', isIn: both(some(({ do: change }) => change === 'halt'), some((change) => change.do === 'transition' && change.leftInPlace === true)) },
  { n: 32, policy: 'when a scope is torn down, and when it has nothing to tear down', isIn: both(starts((op) => op.op === 'task' && op.verb === 'teardown'), some((change) => change.do === 'finish' && change.step.endsWith(':teardown'))) },
  { n: 33, policy: 'the outcome, and what is not rolled back', isIn: some((change) => change.do === 'end' && change.notRolledBack.length > 0) },
  { n: 34, policy: 'retry numbers come from the plan, the rest from the policy', isIn: (facts) => new Set(facts.flatMap((fact) => (fact.fact === 'planned' ? fact.plan.steps.map(({ retry }) => retry.attempts) : []))).size > 1 && timer('backoff')(facts) },
  { n: 35, policy: 'which rollbacks wait until fewer run, and which never do', isIn: waitsForSlot },
];
