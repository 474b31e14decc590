import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unitOf } from '../../../src/run/core/clearance.ts';
import { decide } from '../../../src/run/core/decide.ts';
import type { Begun } from '../../../src/run/core/decision.ts';
import { lookAgain } from '../../../src/run/core/look-again.ts';
import { ownerOf, type Op } from '../../../src/run/core/op.ts';
import type { RunState } from '../../../src/run/core/run-state.ts';
import { leftStanding } from '../../../src/run/core/way-back.ts';
import { arbitraryRun, runOf, takenUp } from './arbitrary-run.ts';
import { noExpressions, opsOf, replay } from './run-plan.ts';

const often = { numRuns: 300 };

test('no run waits for nothing: it is over, or a person decides', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { ending, state } = await runOf(given);
      expect('rest' in ending && ['over', 'frozen']).toContain('rest' in ending && ending.rest);
      expect(state.openTasks).toBe(0);
      if ('rest' in ending && ending.rest === 'over') expect([...state.steps.values()].filter((step) => step.at === 'running')).toEqual([]);
    }),
    often,
  );
});

test('no step begins before everything it needs has ended, and no more tasks run than the run allows', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { journal } = await runOf(given);
      replay(journal, (fact, state) => {
        if (fact.fact !== 'begun') return;
        for (const op of fact.begin ?? []) insistOnNeeds(op, state);
        const started = (fact.begin ?? []).filter((op) => op.op === 'task' && op.verb === 'run' && state.steps.get(op.step)?.plan.phase === 'main');
        expect(state.openRuns + started.filter((op) => state.steps.get(op.step)?.at === 'waiting').length <= given[2] || started.length === 0).toBe(true);
      });
    }),
    often,
  );
});

function insistOnNeeds(op: Op, state: RunState): void {
  const step = state.steps.get(op.step);
  for (const need of step?.plan.needs ?? []) expect((state.steps.get(need) ?? state.groups.get(need))?.at).toBe('settled');
  if (step?.plan.phase !== 'main' || step.at !== 'waiting') return;
  const group = state.groups.get(step.plan.group);
  expect(group?.at).toBe('open');
}

test('the finally of the run begins when those of all its stages have ended', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { journal } = await runOf(given);
      replay(journal, (fact, state) => {
        if (fact.fact !== 'begun' || !fact.open?.includes('finally')) return;
        for (const group of state.groups.values()) if (group.plan.kind === 'finally' && group.plan.parent !== '') expect(group.at).toBe('settled');
      });
    }),
    often,
  );
});

test('every step that may have acted is kept or undone, never both', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { ending, journal, state } = await runOf(given);
      const undoneAt = new Map<string, number>();
      replay(journal, (fact) => {
        if (fact.fact !== 'begun') return;
        for (const op of fact.begin ?? []) if (op.op === 'task' && op.verb === 'undo') undoneAt.set(op.step, fact.seq);
        for (const op of fact.begin ?? []) if (op.op === 'task' && op.verb === 'run') expect(undoneAt.has(op.step)).toBe(false);
      });
      if (!('rest' in ending) || ending.rest !== 'over') return;
      if (ending.outcome !== 'rolled-back' && ending.outcome !== 'rollback-failed') {
        if (ending.outcome !== 'stopped') expect([...undoneAt.keys()]).toEqual([]);
        return;
      }
      const standing = new Set(leftStanding(state));
      for (const step of state.steps.values()) {
        if (step.plan.phase !== 'main' || !step.isTouched || step.plan.undo === 'nothing') continue;
        const isUndone = state.back?.undos.get(unitOf(state, step))?.at === 'undone';
        expect(isUndone).toBe(!standing.has(step));
        if (ending.outcome === 'rolled-back') expect(isUndone).toBe(true);
      }
    }),
    often,
  );
});

test('nothing is undone while something that stands on it still runs or stands', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { journal } = await runOf(given);
      replay(journal, (fact, state) => {
        if (fact.fact !== 'begun') return;
        const units = [...(fact.begin ?? []).flatMap((op) => (op.op === 'task' && op.verb === 'undo' ? [op.step] : [])), ...(fact.undo ?? []).map(({ unit }) => unit)];
        for (const unit of units) {
          for (const step of state.steps.values()) {
            if (!step.plan.needs.includes(unit) || step.plan.phase !== 'main') continue;
            expect(step.at).not.toBe('running');
            expect(leftStanding(state)).not.toContain(step);
          }
        }
      });
    }),
    { numRuns: 150 },
  );
});

test('folding any prefix decides what was recorded next', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { journal } = await runOf(given);
      journal.forEach((fact, n) => {
        if (fact.fact !== 'begun') return;
        const state = replay(journal.slice(0, n), () => undefined);
        lookAgain(state);
        expect(essence(decide(state, noExpressions))).toEqual(essence(fact));
      });
    }),
    { numRuns: 60 },
  );
});

function essence(decision: unknown): unknown {
  const { open = [], settle = [], cancel = [], undo = [], begin = [], turn } = decision as Partial<Begun>;
  return {
    open: [...open].sort(),
    settle: settle.map(({ key, end }) => `${key} ${end}`).sort(),
    cancel: [...cancel].sort(),
    undo: undo.map(({ unit, list }) => `${unit} ${list}`).sort(),
    begin: begin.map(({ key }) => key).sort(),
    turn: turn?.to,
  };
}

test('every op but a watch has a key of its own, so that none is taken for one that was started before', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const keys = opsOf((await runOf(given)).journal).filter(({ op }) => op !== 'watch').map(({ key }) => key);
      expect(keys.filter((key, n) => keys.indexOf(key) !== n)).toEqual([]);
    }),
    often,
  );
});

test('what a person undoes counts as undone only when it was seen to be so', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { journal, state } = await runOf(given);
      const seen = new Set(journal.flatMap((fact) => (fact.fact === 'ended' && fact.key.includes('!confirm.') && fact.result.status === 'probed' && fact.result.found === 'done' ? [ownerOf(fact.key)] : [])));
      for (const undo of state.back?.undos.values() ?? []) if (undo.byHand) expect(undo.at === 'undone').toBe(seen.has(undo.key));
    }),
    often,
  );
});

test('a hold ends only after its time, when every gate has measured something, has looked as far as its end and passes', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      const { state } = await runOf(given);
      for (const step of state.steps.values()) {
        if (step.plan.act.act !== 'hold' || step.end !== 'succeeded' || step.isOverridden) continue;
        expect(step.endedAt ?? 0).toBeGreaterThanOrEqual(step.holdEndsAt ?? Infinity);
        for (const { gate } of step.plan.gates) {
          const look = step.looks.get(gate);
          expect(look).toMatchObject({ verdict: 'pass' });
          expect(look?.measured).toBeGreaterThan(0);
          expect(look?.until).toBeGreaterThanOrEqual(step.holdEndsAt ?? Infinity);
        }
      }
    }),
    often,
  );
});

test('a run killed after any fact and taken up again never undoes what it keeps and never waits for nothing', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, fc.double({ min: 0, max: 1, noNaN: true }), async (given, where) => {
      const { journal } = await runOf(given);
      const { ending } = await takenUp(given, journal, where);
      expect('rest' in ending && ['over', 'frozen'].includes(ending.rest)).toBe(true);
    }),
    often,
  );
});
