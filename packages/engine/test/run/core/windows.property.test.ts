import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Window } from '../../../src/calendar/window.ts';
import { isGroup, type Node } from '../../../src/run/core/state/node.ts';
import { nodeOf, type RunState } from '../../../src/run/core/state/run-state.ts';
import { showsOpen } from '../../calendar/wall-clock.ts';
import { arbitraryRun, runOf, takenUp } from './arbitrary-run.ts';
import { replay, replayChanges, type Simulation } from './run-plan.ts';

const often = { numRuns: 400 };
const day = 24 * 3_600_000;

const isOpen = (window: Window, at: number): boolean => showsOpen(window)({ day: Math.floor(at / day) * day, minute: Math.floor((at % day) / 60_000) });

/** Whether a window of the node is open; of one without windows always. */
const mayStartAt = ({ plan }: Node, state: RunState, at: number): boolean =>
  plan.window === undefined || plan.window.some((name) => isOpen(state.plan.windows?.[name] ?? { zone: '' }, at));

const keysOf = (nodes: Iterable<Node>): string[] => [...nodes].map(({ plan }) => plan.key);

/** Every step and group starts for the first time while a window of it is open, and waits for windows only while the run goes forward. */
function expectWindowsKept({ journal }: Pick<Simulation, 'journal'>): number {
  let kept = 0;
  replay(journal, (_, state) => {
    if (state.mode !== 'forward') expect(keysOf(state.awaitingWindow)).toEqual([]);
  });
  replayChanges(journal, (change, state) => {
    const key = change.do === 'open' ? change.group : change.do === 'start' ? change.op.step : undefined;
    if (key === undefined) return;
    if (change.do === 'start' && change.op.op === 'timer' && change.op.why === 'window') return expect(state.mode).toBe('forward');
    const node = nodeOf(state, key);
    if (node.at !== 'waiting' || (!isGroup(node) && node.startedAt !== undefined)) return;
    expect(mayStartAt(node, state, state.now), key).toBe(true);
    if (node.plan.window) kept += 1;
  });
  return kept;
}

test('nothing starts outside of its window, and no window delays a rollback', async () => {
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryRun, async (given) => {
      kept += expectWindowsKept(await runOf(given));
    }),
    often,
  );
  expect(kept).toBeGreaterThan(50);
});

test('the same holds when the process was killed and another one goes on', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRun, fc.double({ min: 0, max: 1, noNaN: true }), async (given, where) => {
      const { journal } = await runOf(given);
      expectWindowsKept(await takenUp(given, journal, where));
    }),
    often,
  );
});
