import { virtualContext } from '@relpipe/testing/step-context';
import type { Handle, Later, Unfolding, Urgency } from 'relpipe/plugin';
import { expect, test } from 'vitest';
import { canary, type PlannedCanary } from '../../src/steps/canary.ts';
import { runShift } from '../../src/steps/shift.impl.ts';
import type { ShiftConfig, ShiftState } from '../../src/steps/shift.ts';
import { embeddedAt, type EmbeddedFixture, startFixture } from '../support/embedded-fixture.ts';

/** A child as it was added; outputs of other children that it reads are `ID.OUTPUT`. */
type Child = Readonly<Record<string, unknown>> & { readonly id: string };

class Recorder implements Unfolding {
  readonly children: Child[] = [];

  step<O>(id: string, child: object): Handle<O> {
    this.children.push({ id, ...child });
    return { output: (name) => ({ $later: `${id}.${name}` }) };
  }

  hold(id: string, child: object): void {
    this.children.push({ id, ...child });
  }

  gate(id: string, child: object): void {
    this.children.push({ id, ...child });
  }

  approval(id: string, child: object): void {
    this.children.push({ id, ...child });
  }
}

const minute = 60_000;
const router = embeddedAt({ state: 'router.json' });
const phases = [{ weight: 10, hold: 5 * minute }, { weight: 50, hold: 10 * minute }, { weight: 100, hold: minute }];
const canaryOf = (more: Partial<Record<'phases' | 'rollback' | 'wait-for', unknown>> = {}) =>
  ({ router, stable: 'stable', candidate: 'candidate', phases, ...more }) as PlannedCanary;

const unfold = (config: PlannedCanary) => {
  const into = new Recorder();
  return { outputs: canary.unfold(config, into), children: into.children };
};

const rollBack = (config: PlannedCanary, urgency: Urgency) => {
  const into = new Recorder();
  canary.rollback?.(config, into, urgency);
  return into.children;
};

test('a canary unfolds into a shift and a hold per phase, verifies the last weight and returns it', () => {
  const { children, outputs } = unfold(canaryOf());

  expect(children.map(({ id }) => id)).toEqual(['1-shift', '1-hold', '2-shift', '2-hold', '3-shift', '3-hold', 'verify']);
  expect(children.filter(({ uses }) => uses === 'traffic.shift').map((child) => child['with'])).toEqual([
    { router, stable: 'stable', candidate: 'candidate', weight: 10, 'only-up': true },
    { router, stable: 'stable', candidate: 'candidate', weight: 50, from: { $later: '1-shift.weight' } },
    { router, stable: 'stable', candidate: 'candidate', weight: 100, from: { $later: '2-shift.weight' } },
  ]);
  expect(children.at(-1)).toMatchObject({ uses: 'traffic.verify', with: { router, stable: 'stable', candidate: 'candidate', weight: { $later: '3-shift.weight' } } });
  expect(children.filter((child) => 'for' in child).map((child) => child['for'])).toEqual([5 * minute, 10 * minute, minute]);
  expect(outputs.weight).toEqual({ $later: '3-shift.weight' });
});

test('a phase with a question asks the named people before its weight is set, also in the first phase', () => {
  const approval = { question: 'Half of it?', approvers: { count: 2, of: ['managers'] }, timeout: minute };
  const { children } = unfold(canaryOf({ phases: [{ weight: 10, hold: minute, approval: { question: 'Begin?' } }, { weight: 50, hold: minute, approval }] }));

  expect(children.map(({ id }) => id)).toEqual(['1-approval', '1-shift', '1-hold', '2-approval', '2-shift', '2-hold', 'verify']);
  expect(children[0]).toEqual({ id: '1-approval', question: 'Begin?' });
  expect(children[3]).toEqual({ id: '2-approval', ...approval });
});

test('with `wait-for`, each phase waits for these gates before its weight is set, after its question', () => {
  const { children } = unfold(canaryOf({ phases: [{ weight: 10, hold: minute }, { weight: 50, hold: minute, approval: { question: 'Half?' } }], 'wait-for': ['calm'] }));

  expect(children.map(({ id }) => id)).toEqual(['1-wait', '1-shift', '1-hold', '2-approval', '2-wait', '2-shift', '2-hold', 'verify']);
  expect(children[0]).toEqual({ id: '1-wait', gates: ['calm'] });
});

test('phases that do not rise are refused', () => {
  const config = canaryOf({ phases: [{ weight: 50, hold: minute }, { weight: 10, hold: minute }] });

  expect(() => unfold(config)).toThrow(
    expect.objectContaining({ code: 'TRAFFIC_PHASES_NOT_RISING', message: 'The phase with 10% comes after the phase with 50%.' }),
  );
});

test('a ramp that does not fall is refused when the plan is built', () => {
  const config = canaryOf({ rollback: { ramp: [10, 50], hold: minute } });

  expect(() => unfold(config)).toThrow(expect.objectContaining({ code: 'TRAFFIC_RAMP_NOT_FALLING' }));
});

test('weights that are known only in the run are accepted', () => {
  const later: Later<number> = { $later: 'steps.size.outputs.weight' };

  const { children } = unfold(canaryOf({ phases: [{ weight: later, hold: minute }, { weight: 10, hold: minute }] }));

  expect(children[0]).toMatchObject({ with: { weight: later } });
});

test('a staged rollback goes down the ramp, and holds only where the share has changed', () => {
  const children = rollBack(canaryOf({ rollback: { ramp: [50, 10], hold: minute } }), 'staged');

  expect(children.map(({ id }) => id)).toEqual(['ramp-1-shift', 'ramp-1-hold', 'ramp-2-shift', 'ramp-2-hold', 'restore']);
  expect(children[1]).toMatchObject({ for: minute, when: { $later: 'ramp-1-shift.moved' } });
  expect(children[4]).toMatchObject({ with: { weight: 0, 'only-down': true } });
});

test.each([
  { name: 'an urgent rollback', urgency: 'now', rollback: { ramp: [50, 10], hold: minute } },
  { name: 'a rollback without a ramp', urgency: 'staged', rollback: undefined },
] as const)('$name goes to 0% at once', ({ urgency, rollback }) => {
  const children = rollBack(canaryOf({ rollback }), urgency);

  expect(children).toMatchObject([{ id: 'restore', with: { weight: 0, 'only-down': true } }]);
});

test.each([
  { at: 100, seen: [50, 10, 0], moved: [true, true, true] },
  { at: 30, seen: [30, 10, 0], moved: [false, true, true] },
  { at: 5, seen: [5, 5, 0], moved: [false, false, true] },
  { at: 0, seen: [0, 0, 0], moved: [false, false, false] },
])('a staged rollback from $at % never raises the share at a real router', async ({ at, seen, moved }) => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 100 - at, candidate: at });

  const outputs = await rollBackForReal(fixture);

  expect(outputs.map(({ weight }) => weight)).toEqual(seen);
  expect(outputs.map((output) => output.moved)).toEqual(moved);
  expect(await fixture.weights()).toEqual({ stable: 100, candidate: 0 });
});

async function rollBackForReal(fixture: EmbeddedFixture) {
  const children = rollBack(canaryOf({ rollback: { ramp: [50, 10], hold: minute } }), 'staged');
  const shifts = children.filter(({ uses }) => uses === 'traffic.shift');
  const outputs = [];
  for (const shift of shifts) {
    const config = { ...(shift['with'] as ShiftConfig), router: embeddedAt({ state: fixture.stateFile }) };
    outputs.push(await runShift(config, virtualContext<ShiftState>()));
  }
  return outputs;
}
