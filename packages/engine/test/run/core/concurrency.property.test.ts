import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Group } from '../../../src/plan/plan.ts';
import { arbitraryRun, type GivenRun } from './arbitrary-run.ts';
import { withGroups } from './plans.ts';
import { runTogether, type RunInCompany } from './run-together.ts';

const names = ['A', 'B'] as const;
const arbitraryGroup: fc.Arbitrary<Group['concurrency']> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ group: fc.constantFrom(...names), onConflict: fc.constantFrom('fail', 'wait', 'wait', 'supersede') }) },
  fc.constant(undefined),
);

interface Seed {
  readonly given: GivenRun;
  readonly ofRun: Group['concurrency'];
  readonly ofStages: readonly Group['concurrency'][];
  readonly at: number;
  readonly killedAfter: number | undefined;
}

const seed: fc.Arbitrary<Seed> = fc.record({
  given: arbitraryRun,
  ofRun: arbitraryGroup,
  ofStages: fc.array(arbitraryGroup, { maxLength: 5 }),
  at: fc.nat(20_000),
  killedAfter: fc.option(fc.integer({ min: 2, max: 60 }), { nil: undefined }),
});

function inCompany({ given: [plan, { script, inbox }, parallel], ofRun, ofStages, at, killedAfter }: Seed, n: number): RunInCompany {
  const concurrency = Object.fromEntries([['', ofRun] as const, ...ofStages.map((group, stage) => [`s${String(stage)}`, group] as const)]);
  return { run: `r${String(n)}`, plan: withGroups(plan, concurrency), script, inbox, parallel, at, ...(killedAfter !== undefined && { killedAfter }) };
}

test('never do two runs of one group have changes in effect that both could roll back, whatever fails, waits or is killed', async () => {
  let overlapped = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(seed, { minLength: 2, maxLength: 4 }), async (seeds) => {
      const { endings, journals } = await runTogether(seeds.map(inCompany));
      const waited = Object.values(journals).some((journal) => journal.some(({ fact }) => fact === 'lock-awaited' || fact === 'lock-refused'));
      if (waited) overlapped += 1;
      // One that waits for ever waits for a run that waits for a person.
      const isStuck = Object.values(endings).some((ending) => 'parked' in ending);
      if (isStuck) expect(Object.values(endings).some((ending) => 'idle' in ending && ending.idle === 'frozen')).toBe(true);
    }),
    { numRuns: 400 },
  );
  expect(overlapped).toBeGreaterThan(50);
});
