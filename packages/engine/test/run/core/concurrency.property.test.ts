import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Group } from '../../../src/plan/plan.ts';
import { arbitraryRun, type GivenRun } from './arbitrary-run.ts';
import type { Script } from '../../../src/run/simulated/simulated-runtime.ts';
import { group, ok, planOf, task, withGroups } from './plans.ts';
import { runTogether, type RunInCompany, type Together } from './run-together.ts';

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
      insistOnProgress(endings);
    }),
    { numRuns: 150 },
  );
  expect(overlapped).toBeGreaterThan(20);
});

/** One that waits for ever waits for a run that waits for a person. */
function insistOnProgress(endings: Together['endings']): void {
  const isStuck = Object.values(endings).some((ending) => 'parked' in ending);
  if (isStuck) expect(Object.values(endings).some((ending) => 'idle' in ending && ending.idle === 'paused')).toBe(true);
}

test('runs that wait for several groups in any order never wait for each other for ever', async () => {
  const arbitrary = fc.record({ group: fc.constantFrom('A', 'B', 'C'), onConflict: fc.constant('wait' as const) });
  const steps = fc.array(fc.tuple(arbitrary, fc.integer({ min: 1, max: 3_000 })), { minLength: 1, maxLength: 3 });
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 2, maxLength: 4 }), async (runs) => {
      const together = await runTogether(runs.map((stages, n) => ({ run: `r${String(n)}`, ...inStages(stages) })));
      insistOnProgress(together.endings);
      if (Object.values(together.journals).some((journal) => journal.some((fact) => fact.fact === 'lock-refused' && fact.because === 'cycle'))) refused += 1;
    }),
    { numRuns: 150 },
  );
  expect(refused).toBeGreaterThan(0);
});

/** Stages one after the other, each with a group and a task of that length. */
function inStages(stages: readonly (readonly [Group['concurrency'], number])[]): Pick<RunInCompany, 'plan' | 'script'> {
  const keyOf = (n: number): string => `s${String(n)}`;
  const plan = planOf(
    stages.map((_, n) => task(`${keyOf(n)}/act`)),
    stages.map((_, n) => group(keyOf(n), n === 0 ? {} : { needs: [keyOf(n - 1)] })),
  );
  const script: Script = (op) => (op.op === 'task' ? [[stages[Number(/\d/.exec(op.step)?.[0])]?.[1] ?? 0, ok(op.key)]] : []);
  return { plan: withGroups(plan, Object.fromEntries(stages.map(([concurrency], n) => [keyOf(n), concurrency]))), script };
}
