import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanStep } from '../../../src/plan/plan.ts';
import { unitOf } from '../../../src/run/core/state/rollback-state.ts';
import type { Command, Fact } from '../../../src/run/core/fact.ts';
import { rollback, commanded } from './plans.ts';
import type { Op } from '../../../src/run/core/operation.ts';
import type { StepState } from '../../../src/run/core/state/node.ts';
import { ancestorsOf, type RunState } from '../../../src/run/core/state/run-state.ts';
import type { Ending } from '../../../src/run/drive.ts';
import { arbitraryRun, runOf, takenUp } from './arbitrary-run.ts';
import { replayChanges, startsOf, takeUp } from './run-plan.ts';

const often = { numRuns: 400 };

test('before a run is over, every step that may have acted is torn down once, and no other step is', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { ending, journal, state } = await runOf(given);
      insistOnTeardowns(ending, journal, state);
    }),
    often,
  );
});

test('a run that was killed after any fact and resumed still tears down every step once', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, fc.double({ min: 0, max: 1, noNaN: true }), async (given, where) => {
      const previous = await runOf(given);
      const { ending, journal, state } = await takenUp(given, previous.journal, where);
      insistOnTeardowns(ending, journal, state);
    }),
    often,
  );
});

test('a paused run has torn down the stages that are over, and the others after a person has decided', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, fc.constantFrom<Command>({ name: 'continue' }, rollback), async (given, then) => {
      let { ending, journal, state } = await runOf(given);
      for (let n = 0; n < 5 && 'idle' in ending && ending.idle === 'paused'; n++) {
        insistOnStagesThatAreOver(state);
        const command = commanded(`l${String(n)}`, n < 4 ? then : { name: 'continue' }, 'so');
        ({ ending, journal, state } = await takeUp({ journal }, given[1].script, [command]));
      }
      insistOnTeardowns(ending, journal, state);
    }),
    often,
  );
});

test('no teardown starts while a step of its scope still works or may be tried again', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { journal } = await runOf(given);
      replayChanges(journal, (change, state) => {
        for (const op of teardownsIn({ fact: 'decided', changes: [change], seq: 0, at: 0 }).filter(({ attempt }) => attempt === 1)) {
          for (const step of scopeOf(state, op)) expect(isAtWork(state, step)).toBe(false);
        }
      });
    }),
    often,
  );
});

test('a step is not torn down while its unit is being rolled back, and is not tried again after its teardown', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { journal } = await runOf(given);
      const tornDown = new Set<string>();
      replayChanges(journal, (change, state) => {
        const fact: Fact = { fact: 'decided', changes: [change], seq: 0, at: 0 };
        for (const op of teardownsIn(fact)) {
          const target = targetOf(state, op);
          tornDown.add(target.plan.key);
          const unit = state.unitOfRollbackStep.get(target.plan.key) ?? unitOf(state, target);
          if (op.attempt === 1) expect(state.rollback?.units.get(unit)?.at).not.toBe('running');
        }
        for (const op of tasksIn(fact)) if (op.verb === 'run' || op.verb === 'probe') expect(tornDown).not.toContain(op.step);
      });
    }),
    often,
  );
});

function insistOnTeardowns(ending: Ending, journal: readonly Fact[], state: RunState): void {
  if (!('idle' in ending) || ending.idle !== 'over') return;
  const succeeded = new Map<string, number>();
  for (const fact of journal) {
    if (fact.fact !== 'ended' || fact.result.status !== 'succeeded' || !fact.key.includes(':teardown!')) continue;
    const step = fact.key.slice(0, fact.key.lastIndexOf(':teardown!'));
    succeeded.set(step, (succeeded.get(step) ?? 0) + 1);
  }
  const started = new Set(journal.flatMap(teardownsIn).map((op) => targetOf(state, op).plan.key));
  for (const step of state.steps.values()) {
    if (step.plan.teardown === undefined) continue;
    expect(started.has(step.plan.key)).toBe(step.mayHaveActed);
    if (!step.mayHaveActed) continue;
    const teardown = state.steps.get(`${step.plan.key}:teardown`);
    expect(['succeeded', 'failed']).toContain(teardown?.end);
    expect(succeeded.get(step.plan.key) ?? 0).toBe(teardown?.end === 'succeeded' ? 1 : 0);
    if (teardown?.end === 'failed') expect(ending.outcome).not.toBe('succeeded');
  }
}

/** A stage is torn down when none of its steps works or may be tried again. */
function insistOnStagesThatAreOver(state: RunState): void {
  for (const teardown of state.groups.values()) {
    const stage = state.groups.get(teardown.plan.parent ?? '');
    if (teardown.plan.kind !== 'teardown' || stage?.plan.kind !== 'stage' || stage.at !== 'finished') continue;
    const steps = [...state.steps.values()].filter(({ plan }) => plan.phase !== 'rollback' && stageOf(state, plan) === stage.plan.key);
    const isOver = steps.every((step) => (step.plan.phase === 'main' || step.plan.phase === 'finally' ? step.at === 'finished' && !isAtWork(state, step) : true));
    if (isOver) expect(teardown.at).toBe('finished');
  }
}

type Task = Extract<Op, { op: 'task' }>;

const tasksIn = (fact: Fact): Task[] => startsOf(fact).filter((op) => op.op === 'task');
const teardownsIn = (fact: Fact): Task[] => tasksIn(fact).filter(({ verb }) => verb === 'teardown');

function targetOf(state: RunState, op: Task): StepState {
  const target = state.steps.get(state.steps.get(op.step)?.plan.tearsDown ?? '');
  if (target === undefined) throw new Error(`${op.key} tears nothing down`);
  return target;
}

/** Every step that may use what the target of the teardown started. */
function scopeOf(state: RunState, op: Task): StepState[] {
  const target = targetOf(state, op);
  const all = [...state.steps.values()].filter(({ plan }) => plan.phase !== 'teardown');
  if (target.plan.phase === 'rollback') return all;
  if (target.plan.teardown === 'step') return [target];
  const stage = stageOf(state, target.plan);
  return target.plan.teardown === 'stage' && stage !== undefined
    ? all.filter(({ plan }) => plan.phase !== 'rollback' && stageOf(state, plan) === stage)
    : all;
}

const stageOf = (state: RunState, plan: PlanStep): string | undefined =>
  [...ancestorsOf(state, plan)].find((group) => group.plan.kind === 'stage')?.plan.key;

const isAtWork = (state: RunState, step: StepState): boolean =>
  step.at === 'running' || (step.isPaused && state.mode === 'paused') || [...step.open.values()].some(({ op }) => op === 'task');
