import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact } from '../../../src/run/core/fact.ts';
import type { DeliveryResult } from '../../../src/run/core/notice.ts';
import { isOfDelivery } from '../../../src/run/core/operation.ts';
import { arbitraryRun, type GivenRun } from './arbitrary-run.ts';
import { answering, attemptsIn, channel, delivered, refused, timedOut, unreachable, withChannels } from './channels.ts';
import { changesOf, runPlan, takeUp, type Simulation } from './run-plan.ts';

const often = { numRuns: 150 };

/** A channel of each kind: one that knows no doubles, one that recognizes them, and a document. */
const channels = [channel(), channel({ repeatable: true }), channel({ document: true })];
const mustArrive: ReadonlySet<string> = new Set(['waiting', 'late', 'rollback-failed']);

/** How channels answer, drawn anew for every attempt of every run. */
const answers = fc.array(fc.constantFrom(delivered, delivered, delivered, unreachable, unreachable, refused, timedOut), { minLength: 1, maxLength: 50 });

const told = ([plan, { script, inbox }, parallel]: GivenRun, list: readonly DeliveryResult[]) => {
  let n = 0;
  const world = answering(() => list[n++ % list.length] ?? delivered, script, 700);
  return { plan: withChannels(plan, ...channels), world, inbox, parallel };
};

/** The run with its channels, whose process was killed at these places of its journal, 0 to 1, one after the other. */
async function killedAt(given: GivenRun, list: readonly DeliveryResult[], places: readonly number[]): Promise<Simulation> {
  const { plan, world, inbox, parallel } = told(given, list);
  let run = await runPlan(plan, world, { inbox, parallel });
  for (const place of places) {
    const cut = Math.max(1, Math.floor(run.journal.length * place));
    run = await takeUp({ journal: run.journal.slice(0, cut) }, world, []);
  }
  return run;
}

/** How each attempt ended; `lost` where the process ended first. */
const resultsOf = (journal: readonly Fact[]): ReadonlyMap<string, DeliveryResult['status']> =>
  new Map(journal.flatMap((fact) => (fact.fact === 'notified' ? [[fact.key, fact.result.status] as const] : [])));

test('whenever the process is killed, each thing is told once at most, or at least once where somebody has to act on it', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, answers, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }), async (given, list, places) => {
      const { journal, state, ending } = await killedAt(given, list, places);
      const results = resultsOf(journal);
      const ends = new Map(journal.flatMap(changesOf).flatMap((change) => (change.do === 'end-delivery' ? [[change.delivery, change.end] as const] : [])));
      for (const [id, attempts] of Map.groupBy(attemptsIn(journal), ({ notice, channel }) => `${String(notice.n)}.${String(channel)}`)) {
        const mayHaveArrived = attempts.filter(({ key }) => results.get(key) !== 'failed');
        const [{ channel, notice }] = attempts as [(typeof attempts)[number]];
        if (channel === 0 && !mustArrive.has(notice.event)) expect(mayHaveArrived.length, id).toBeLessThanOrEqual(1);
        // What follows an attempt that may have arrived says so.
        attempts.forEach(({ repetition }, n) => expect(repetition === true, id).toBe(attempts.slice(0, n).some(({ key }) => results.get(key) !== 'failed')));
        // Every delivery ended, and one that was not confirmed is listed.
        if ('outcome' in ending) {
          const wasConfirmed = attempts.some(({ key }) => results.get(key) === 'delivered');
          expect(ends.get(id), id).toEqual(wasConfirmed ? 'delivered' : expect.stringMatching(/undelivered|unknown|replaced/));
          if (ends.get(id) === 'replaced') expect(channel, id).toBe(2);
        }
      }
      if ('outcome' in ending) expect(state.deliveries.size).toBe(0);
    }),
    often,
  );
});

test('no channel changes what happens to the steps of a run, nor when', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, answers, async (given, list) => {
      const [plan, { script, inbox }, parallel] = given;
      const quiet = await runPlan(plan, script, { inbox, parallel });
      const { world } = told(given, list);
      const loud = await runPlan(withChannels(plan, ...channels), world, { inbox, parallel });
      const decisions = ofSteps(quiet);
      // A command may come while the last message is still being sent.
      expect(ofSteps(loud).slice(0, decisions.length)).toEqual(decisions);
      if ('outcome' in quiet.ending) expect(loud.ending).toEqual(quiet.ending);
    }),
    often,
  );
});

/** Every decision about steps, with its time. */
const ofSteps = ({ journal }: Simulation): readonly unknown[] =>
  journal.flatMap((fact) => changesOf(fact).flatMap((change) => (isAboutDelivery(change) ? [] : [{ at: fact.at, change }])));

const isAboutDelivery = (change: ReturnType<typeof changesOf>[number]): boolean =>
  change.do === 'end-delivery' || (change.do === 'start' && isOfDelivery(change.op.key)) || (change.do === 'cancel' && isOfDelivery(change.op));
