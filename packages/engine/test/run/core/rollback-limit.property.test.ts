import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slotsFor } from '../../../src/run/core/state/traffic-first.ts';
import { arbitraryRun, withOrders, runOf, type GivenRun } from './arbitrary-run.ts';
import { changesOf, replayChanges, type Simulation } from './run-plan.ts';

const limitedTo = ([plan, ...rest]: GivenRun, limit: number): GivenRun => [{ ...plan, maxParallelRollbacks: limit }, ...rest];

const unlimited = ([plan, ...rest]: GivenRun): GivenRun => [JSON.parse(JSON.stringify({ ...plan, maxParallelRollbacks: undefined })) as typeof plan, ...rest];

function startsIn({ journal }: Simulation): ReadonlyMap<string, number> {
  return new Map(journal.flatMap((fact) => changesOf(fact).flatMap((change) => (change.do === 'start-rollback' ? [[change.unit, fact.at] as const] : []))).reverse());
}

const limit = fc.integer({ min: 1, max: 3 });

test('with a limit, a rollback that returns traffic starts exactly when it starts without one', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryRun, limit, async (given, most) => {
      const without = await runOf(unlimited(given));
      const within = await runOf(limitedTo(given, most));
      const slots = slotsFor(within.state);
      const starts = startsIn(within);
      for (const [unit, at] of startsIn(without)) {
        if (!slots?.isUnlimited(unit)) continue;
        expect(starts.get(unit)).toBe(at);
        compared += 1;
      }
    }),
    { numRuns: 400 },
  );
  expect(compared).toBeGreaterThan(50);
});

test('no more rollbacks run than the limit, except for traffic and for those whose person has just answered', async () => {
  let waited = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryRun, limit, async (given, most) => {
      const { journal } = await runOf(limitedTo(given, most));
      replayChanges(journal, (change, state) => {
        if (change.do !== 'start-rollback' || state.rollback?.units.has(change.unit) || state.rollback?.slots?.isUnlimited(change.unit)) return;
        const others = [...state.rollback?.units.values() ?? []].filter(({ key, at, manual }) => at === 'running' && !manual && !state.rollback?.slots?.isUnlimited(key));
        expect(others.length).toBeLessThan(most);
        if (others.length === most - 1) waited += 1;
      });
    }),
    { numRuns: 400 },
  );
  expect(waited).toBeGreaterThan(50);
});

test('a limit changes when a run rolls back, and never what', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, limit, async (given, most) => {
      // What a person stops or pauses depends on when, and the limit changes just that.
      const inTime = withOrders(given, ({ name }) => name === 'rollback');
      const without = await runOf(unlimited(inTime));
      const within = await runOf(limitedTo(inTime, most));
      expect(within.ending).toEqual(without.ending);
      const done = ({ state }: Simulation): readonly string[] => [...(state.rollback?.units.values() ?? [])].map(({ key, at }) => `${key} ${at}`).sort();
      expect(done(within)).toEqual(done(without));
    }),
    { numRuns: 400 },
  );
});
