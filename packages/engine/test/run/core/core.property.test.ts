import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextOpening } from '../../../src/calendar/next-opening.ts';
import { unitOf } from '../../../src/run/core/state/rollback-state.ts';
import { decide } from '../../../src/run/core/decide.ts';
import type { Change } from '../../../src/run/core/change.ts';
import { reconsiderEverything } from '../../../src/run/core/reconsider-everything.ts';
import { ownerOf, type Op } from '../../../src/run/core/operation.ts';
import type { RunState } from '../../../src/run/core/state/run-state.ts';
import { leftInEffect } from '../../../src/run/core/decide/rollback.ts';
import { arbitraryRun, runOf, takenUp } from './arbitrary-run.ts';
import { changesOf, noExpressions, opsOf, replay, replayChanges } from './run-plan.ts';

const often = { numRuns: 300 };

test('every run ends, or waits for the decision of a person', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { ending, state } = await runOf(given);
      expect('idle' in ending && ['over', 'paused']).toContain('idle' in ending && ending.idle);
      expect(state.openTasks).toBe(0);
      if ('idle' in ending && ending.idle === 'over') expect([...state.steps.values()].filter((step) => step.at === 'running')).toEqual([]);
    }),
    often,
  );
});

test('no step starts before everything it needs has ended, and no more tasks run than the run allows', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { journal } = await runOf(given);
      replayChanges(journal, (change, state) => {
        if (change.do !== 'start') return;
        const { op } = change;
        insistOnNeeds(op, state);
        if (op.op === 'task' && op.verb === 'run' && state.steps.get(op.step)?.plan.phase === 'main') expect(state.openRuns).toBeLessThan(given[2]);
      });
    }),
    often,
  );
});

function insistOnNeeds(op: Op, state: RunState): void {
  const step = state.steps.get(op.step);
  for (const need of step?.plan.needs ?? []) expect((state.steps.get(need) ?? state.groups.get(need))?.at).toBe('finished');
  if (step?.plan.phase !== 'main' || step.at !== 'waiting') return;
  const group = state.groups.get(step.plan.group);
  expect(group?.at).toBe('open');
}

test('the finally of the run starts when those of all its stages have ended', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { journal } = await runOf(given);
      replayChanges(journal, (change, state) => {
        if (change.do !== 'open' || change.group !== 'finally') return;
        for (const group of state.groups.values()) if (group.plan.kind === 'finally' && group.plan.parent !== '') expect(group.at).toBe('finished');
      });
    }),
    often,
  );
});

test('every step that may have acted is kept or rolled back, never both', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { ending, journal, state } = await runOf(given);
      const rolledBackAt = new Map<string, number>();
      replayChanges(journal, (change, _state, fact) => {
        if (change.do !== 'start' || change.op.op !== 'task') return;
        if (change.op.verb === 'rollback') rolledBackAt.set(change.op.step, fact.seq);
        if (change.op.verb === 'run') expect(rolledBackAt.has(change.op.step)).toBe(false);
      });
      if (!('idle' in ending) || ending.idle !== 'over') return;
      if (ending.outcome !== 'rolled-back' && ending.outcome !== 'rollback-failed') {
        if (ending.outcome !== 'stopped') expect([...rolledBackAt.keys()]).toEqual([]);
        return;
      }
      const inEffect = new Set(leftInEffect(state));
      for (const step of state.steps.values()) {
        if (step.plan.phase !== 'main' || !step.mayHaveActed || step.plan.rollback === 'nothing') continue;
        const isRolledBack = state.rollback?.units.get(unitOf(state, step))?.at === 'rolled-back';
        expect(isRolledBack).toBe(!inEffect.has(step));
        if (ending.outcome === 'rolled-back') expect(isRolledBack).toBe(true);
      }
    }),
    often,
  );
});

test('no step is rolled back while a dependent of it runs or is in effect', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { journal } = await runOf(given);
      replayChanges(journal, (change, state) => {
        const units = change.do === 'start-rollback' ? [change.unit] : change.do === 'start' && change.op.op === 'task' && change.op.verb === 'rollback' ? [change.op.step] : [];
        for (const unit of units) {
          for (const step of state.steps.values()) {
            if (!step.plan.needs.includes(unit) || step.plan.phase !== 'main') continue;
            expect(step.at).not.toBe('running');
            expect(leftInEffect(state)).not.toContain(step);
          }
        }
      });
    }),
    { numRuns: 150 },
  );
});

test('the state folded from any prefix of a journal decides what was recorded next', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { journal } = await runOf(given);
      journal.forEach((fact, n) => {
        if (fact.fact !== 'decided') return;
        const state = replay(journal.slice(0, n), () => undefined);
        reconsiderEverything(state);
        expect(essence(decide(state, noExpressions, undefined, nextOpening).changes)).toEqual(essence(changesOf(fact)));
      });
    }),
    { numRuns: 60 },
  );
});

const essence = (changes: readonly Change[]): string[] => changes.map((change) => JSON.stringify(change)).sort();

test('every op except a watch has a unique key, so that none is mistaken for an earlier one', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const keys = opsOf((await runOf(given)).journal).filter(({ op }) => op !== 'watch').map(({ key }) => key);
      expect(keys.filter((key, n) => keys.indexOf(key) !== n)).toEqual([]);
    }),
    often,
  );
});

test('a manual rollback counts as done only after a check found it done', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { journal, state } = await runOf(given);
      const seen = new Set(journal.flatMap((fact) => (fact.fact === 'ended' && fact.key.includes('!confirm.') && fact.result.status === 'probed' && fact.result.found === 'done' ? [ownerOf(fact.key)] : [])));
      for (const rollback of state.rollback?.units.values() ?? []) if (rollback.manual) expect(rollback.at === 'rolled-back').toBe(seen.has(rollback.key));
    }),
    often,
  );
});

test('a hold ends only after its time, when every gate has measured something, has sampled up to its end and passes', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { state } = await runOf(given);
      for (const step of state.steps.values()) {
        if (step.plan.act.act !== 'hold' || step.end !== 'succeeded' || step.isOverridden) continue;
        expect(step.endedAt ?? 0).toBeGreaterThanOrEqual(step.holdEndsAt ?? Infinity);
        for (const { gate } of step.plan.gates) {
          const evaluation = step.evaluations.get(gate);
          expect(evaluation).toMatchObject({ verdict: 'pass' });
          expect(evaluation?.measured).toBeGreaterThan(0);
          expect(evaluation?.until).toBeGreaterThanOrEqual(step.holdEndsAt ?? Infinity);
        }
      }
    }),
    often,
  );
});

test('a run that was killed after any fact and resumed ends, or waits for the decision of a person', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, fc.double({ min: 0, max: 1, noNaN: true }), async (given, where) => {
      const { journal } = await runOf(given);
      const { ending } = await takenUp(given, journal, where);
      expect('idle' in ending && ['over', 'paused'].includes(ending.idle)).toBe(true);
    }),
    often,
  );
});
