import { readFile, writeFile } from 'node:fs/promises';
import { containing } from '@relpipe/testing/matchers';
import { virtualContext, type VirtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import { measureShare } from '../../src/steps/share.ts';
import { probeShift, rollbackShift, runShift, verifyShift } from '../../src/steps/shift.impl.ts';
import type { ShiftConfig, ShiftOutputs, ShiftState } from '../../src/steps/shift.ts';
import { embeddedAt, type EmbeddedFixture, startFixture } from '../support/embedded-fixture.ts';

const configFor = ({ stateFile }: EmbeddedFixture, weight: number, more: Partial<ShiftConfig> = {}): ShiftConfig =>
  ({ router: embeddedAt({ state: stateFile }), stable: 'stable', candidate: 'candidate', weight, ...more });

const urlsOf = ({ sides }: EmbeddedFixture): Pick<ShiftConfig, 'stable' | 'candidate'> => ({ stable: sides['stable']!.url, candidate: sides['candidate']!.url });

const division = (candidate: number) => ({ stable: 100 - candidate, candidate });

/** What a shift from one share of the candidate to another has saved. */
const shifted = (from: number, to: number): ShiftState => ({ ...begun(from, to), written: true });

const nameOf = ({ stateFile }: EmbeddedFixture): string => `the router of ${stateFile}`;

/** As it is saved before the change. */
const begun = (from: number, to: number): ShiftState => ({ router: 'of the run', weights: division(from), wanted: division(to) });

const rollbackContext = (saved: ShiftState | undefined) =>
  virtualContext<ShiftState, ShiftOutputs>({ saved, because: 'a gate failed' });

test('a shift sets the weights, and returns the share that the candidate is really served', async () => {
  await using fixture = await startFixture();
  const context = sleepingContext<ShiftState>(() => fixture.send(50));

  const output = await runShift(configFor(fixture, 10), context);

  expect(output).toEqual({ weight: 10, previous: 0, share: '10%', moved: true });
  expect(await fixture.weights()).toEqual({ stable: 90, candidate: 10 });
  expect(await fixture.send(100)).toEqual({ stable: 90, candidate: 10 });
});

test('a shift saves the previous weights before it changes anything', async () => {
  await using fixture = await startFixture();
  const context = virtualContext<ShiftState>();
  const saveState = async () => {
    throw new Error('the disk is full');
  };

  await expect(runShift(configFor(fixture, 10), { ...context, saveState })).rejects.toThrow('the disk is full');
  expect(await fixture.weights()).toEqual({ stable: 100, candidate: 0 });

  await runShift(configFor(fixture, 10), context);
  expect(context.states).toEqual([begun(0, 10), shifted(0, 10)].map((state) => ({ ...state, router: nameOf(fixture) })));
});

test('with too little traffic within 30 s a shift relies on the weights that it reads back', async () => {
  await using fixture = await startFixture();
  const context = virtualContext<ShiftState>();
  const startedAt = context.clock.now();

  const output = await runShift(configFor(fixture, 10), context);

  expect(output).toEqual({ weight: 10, previous: 0, share: 'not-measured', moved: true });
  expect(context.clock.now() - startedAt).toBe(30_000);
});

test('a side that the router calls unhealthy gets no share, whatever its weight is', async () => {
  await using fixture = await startFixture();
  await fixture.restartWithout('candidate');

  await expect(runShift(configFor(fixture, 10), virtualContext())).rejects.toMatchObject({
    code: 'TRAFFIC_SIDE_NOT_READY',
    message: containing('whatever its weight is: unhealthy (connect ECONNREFUSED'),
  });

  expect(await fixture.weights()).toEqual({ stable: 100, candidate: 0 });
  expect(await runShift(configFor(fixture, 0), virtualContext())).toMatchObject({ weight: 0 });
});

test('sides are found by name, by URL, or by host and port', async () => {
  await using fixture = await startFixture();
  const { stable, candidate } = fixture.sides;

  await runShift(configFor(fixture, 20, { stable: stable!.url, candidate: new URL(candidate!.url).host }), virtualContext());

  expect(await fixture.weights()).toEqual({ stable: 80, candidate: 20 });
});

test('the router is also found by its control endpoint and token file', async () => {
  await using fixture = await startFixture();
  const embedded = { control: `${(await fixture.places()).control}/`, 'token-file': `${fixture.stateFile}.token` };

  await runShift(configFor(fixture, 20, { router: embeddedAt(embedded) }), virtualContext());

  expect(await fixture.weights()).toEqual({ stable: 80, candidate: 20 });
});

test('a side that the router does not have is refused with a list of its sides', async () => {
  await using fixture = await startFixture();

  await expect(runShift(configFor(fixture, 10, { candidate: 'canary' }), virtualContext())).rejects.toMatchObject({
    code: 'TRAFFIC_SIDE_UNKNOWN',
    hint: `Use one of its sides: stable (${fixture.sides['stable']!.url}), candidate (${fixture.sides['candidate']!.url}).`,
  });
});

test('a shift refuses the same side as stable and candidate', async () => {
  await using fixture = await startFixture();

  await expect(runShift(configFor(fixture, 10, { candidate: 'stable' }), virtualContext())).rejects.toMatchObject({ code: 'TRAFFIC_SIDES_SAME' });
});

test('a shift refuses a third side with traffic', async () => {
  await using fixture = await startFixture(['stable', 'candidate', 'mirror']);
  await fixture.setWeights({ stable: 70, candidate: 0, mirror: 30 });

  await expect(runShift(configFor(fixture, 10), virtualContext())).rejects.toMatchObject({
    code: 'TRAFFIC_THIRD_SIDE',
    message: expect.stringContaining('mirror, has 30%') as string,
  });
  expect(await fixture.weights()).toEqual({ stable: 70, candidate: 0, mirror: 30 });
});

test('a router that is gone is a retryable error', async () => {
  await using fixture = await startFixture();
  const { control } = await fixture.places();
  const ways = [{ state: fixture.stateFile }, { control, 'token-file': `${fixture.stateFile}.token` }];
  await fixture.stopRouter();

  for (const embedded of ways) {
    const shifted = runShift(configFor(fixture, 10, { router: embeddedAt(embedded) }), virtualContext());
    await expect(shifted).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_NOT_REACHED', retryable: true });
  }
});

test('a weight with more decimals than the router keeps is rounded, and both sides add up to 100%', async () => {
  await using fixture = await startFixture();
  const context = virtualContext<ShiftState>();

  const output = await runShift(configFor(fixture, 100 / 3), context);

  expect(output.weight).toBe(33.3333);
  expect(await fixture.weights()).toEqual({ stable: 66.6667, candidate: 33.3333 });
});

test('a change by somebody else before a shift is detected', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 70, candidate: 30 });

  await expect(runShift(configFor(fixture, 50, { from: 10 }), virtualContext())).rejects.toMatchObject({
    code: 'TRAFFIC_DRIFT',
    message: expect.stringContaining('expected stable 90%, candidate 10%, found stable 70%, candidate 30%') as string,
  });
  expect(await fixture.weights()).toEqual({ stable: 70, candidate: 30 });
});

test('a change by somebody else while the share is measured is detected', async () => {
  await using fixture = await startFixture();
  const whileAsleep = async () => {
    if ((await fixture.weights())['candidate'] === 10) await fixture.setWeights({ stable: 60, candidate: 40 });
  };

  await expect(runShift(configFor(fixture, 10), sleepingContext<ShiftState>(whileAsleep))).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT' });
});

test('a change by somebody else is detected even when the weights are restored', async () => {
  await using fixture = await startFixture();
  const whileAsleep = async () => {
    await fixture.setWeights({ stable: 60, candidate: 40 });
    await fixture.setWeights({ stable: 90, candidate: 10 });
  };

  await expect(runShift(configFor(fixture, 10), sleepingContext<ShiftState>(whileAsleep))).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT' });
});

test('a second attempt keeps the previous weights of the first one', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 90, candidate: 10 });
  const context = virtualContext<ShiftState>({ saved: begun(0, 10) });

  const output = await runShift(configFor(fixture, 10), context);

  expect(output).toMatchObject({ weight: 10, previous: 0, moved: true });
  expect(context.states).toEqual([begun(0, 10), shifted(0, 10)].map((state) => ({ ...state, router: nameOf(fixture) })));
});

test('a second attempt that finds neither the previous nor the wanted weights fails', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 70, candidate: 30 });
  const saved = begun(0, 10);

  await expect(runShift(configFor(fixture, 10), virtualContext({ saved }))).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT' });
  expect(await probeShift(configFor(fixture, 10), virtualContext({ saved }))).toMatchObject({ found: 'conflict' });
});

test('the probe of a shift reports done when the weights are set, and not-done when they are as before', async () => {
  await using fixture = await startFixture();
  const saved = begun(0, 10);
  expect(await probeShift(configFor(fixture, 10), virtualContext({ saved }))).toEqual({ found: 'not-done' });

  await fixture.setWeights({ stable: 90, candidate: 10 });
  expect(await probeShift(configFor(fixture, 10), virtualContext({ saved }))).toEqual({
    found: 'done',
    output: { weight: 10, previous: 0, share: 'not-measured', moved: true },
  });
});

test('a rollback restores the saved weights, also when it is called twice', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 95, candidate: 5 });
  const context = virtualContext<ShiftState>();
  await runShift(configFor(fixture, 50), context);

  for (let i = 0; i < 2; i += 1) {
    await rollbackShift(configFor(fixture, 50), rollbackContext(context.states.at(-1)));
    expect(await fixture.weights()).toEqual({ stable: 95, candidate: 5 });
  }
});

test('a rollback never gives the candidate more than it has', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 98, candidate: 2 });
  const context = rollbackContext(shifted(50, 10));

  await rollbackShift(configFor(fixture, 10), context);

  expect(await fixture.weights()).toEqual({ stable: 98, candidate: 2 });
  expect(context.lines).toEqual([expect.stringContaining('it had 50% before, but a rollback never raises it')]);
});

test('a rollback changes nothing when somebody else has changed the weights, and says what it expected and found', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights(division(80));

  await expect(rollbackShift(configFor(fixture, 10), rollbackContext(shifted(0, 10)))).rejects.toMatchObject({
    code: 'TRAFFIC_DRIFT',
    message: containing('expected stable 90%, candidate 10%, found stable 20%, candidate 80%'),
    changedByOthers: true,
  });
  expect(await fixture.weights()).toEqual(division(80));
});

test('a rollback overwrites the weights of somebody else when a person has decided so, and records what it left', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights(division(80));
  const context = { ...rollbackContext(shifted(0, 10)), overwrite: true };

  await rollbackShift(configFor(fixture, 10), context);

  expect(await fixture.weights()).toEqual(division(0));
  expect(context.states).toEqual([begun(80, 0), shifted(80, 0)].map((state) => ({ ...state, router: nameOf(fixture) })));
});

test('a rollback has nothing to do where somebody else has already restored the previous weights', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights(division(0));
  const context = rollbackContext(shifted(0, 10));

  await rollbackShift(configFor(fixture, 10), context);

  expect(context.states).toEqual([]);
});

test('a rollback after a change that was not confirmed accepts the weights before it and after it, and no others', async () => {
  await using fixture = await startFixture();
  for (const found of [5, 50]) {
    await fixture.setWeights(division(found));
    await rollbackShift(configFor(fixture, 50), rollbackContext(begun(5, 50)));
    expect(await fixture.weights()).toEqual(division(5));
  }
  await fixture.setWeights(division(30));
  await expect(rollbackShift(configFor(fixture, 50), rollbackContext(begun(5, 50)))).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT' });
});

test('a rollback compares with what a later shift of the run has left', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights(division(25));
  const first = rollbackContext(shifted(0, 5));

  await expect(rollbackShift(configFor(fixture, 5), first)).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT' });
  await rollbackShift(configFor(fixture, 5), { ...first, left: [{ ...shifted(50, 25), router: nameOf(fixture) }] });

  expect(await fixture.weights()).toEqual(division(0));
});

test('a shift starts only from what the run has left', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights(division(100));

  await expect(runShift(configFor(fixture, 25), virtualContext({ left: [{ ...shifted(0, 5), router: nameOf(fixture) }] }))).rejects.toMatchObject({
    code: 'TRAFFIC_DRIFT',
    message: containing('expected stable 95%, candidate 5%, found stable 0%, candidate 100%'),
  });
  expect(await fixture.weights()).toEqual(division(100));

  await fixture.setWeights(division(5));
  await runShift(configFor(fixture, 25), virtualContext({ left: [{ ...shifted(0, 5), router: nameOf(fixture) }] }));
  expect(await fixture.weights()).toEqual(division(25));
});

test('the changes of the run are known by the router that they were made at, however the file finds it', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights(division(5));
  const elsewhere = { ...shifted(0, 50), router: 'another router' };

  await expect(runShift(configFor(fixture, 25), virtualContext({ left: [elsewhere, { ...shifted(0, 10), router: nameOf(fixture) }, elsewhere] }))).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT' });
  await runShift({ ...configFor(fixture, 25), stable: fixture.sides['stable']!.url, candidate: fixture.sides['candidate']!.url }, virtualContext({ left: [elsewhere] }));

  expect(await fixture.weights()).toEqual(division(25));
});

test('a first phase does not lower a candidate that already has more, and the plan says so', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights(division(60));
  const config = configFor(fixture, 10, { 'only-up': true });

  await expect(runShift(config, virtualContext())).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT', message: containing('expected at most 10%, found stable 40%, candidate 60%') });
  expect(await verifyShift(config, virtualContext())).toMatchObject([{ level: 'error', code: 'TRAFFIC_DRIFT' }]);
  expect(await fixture.weights()).toEqual(division(60));
});

test('a rollback finds a router that was restarted on other ports', async () => {
  await using fixture = await startFixture();
  const context = virtualContext<ShiftState>();
  await runShift(configFor(fixture, 50), context);
  await fixture.stopRouter();
  await fixture.startRouter();
  expect(await fixture.weights()).toEqual({ stable: 50, candidate: 50 });

  await rollbackShift(configFor(fixture, 50), rollbackContext(context.states.at(-1)));

  expect(await fixture.weights()).toEqual({ stable: 100, candidate: 0 });
});

test.each([
  ['a rollback', (fixture: EmbeddedFixture) => rollbackShift(configFor(fixture, 50), rollbackContext(shifted(5, 50))), 'stable=95,candidate=5'],
  ['a shift with only-down', (fixture: EmbeddedFixture) => runShift(configFor(fixture, 10, { 'only-down': true }), virtualContext<ShiftState>()), 'stable=90,candidate=10'],
])('%s that fails prints the command for a manual rollback', async (_, rollBack, weights) => {
  await using fixture = await startFixture();
  await fixture.stopRouter();

  await expect(rollBack(fixture)).rejects.toMatchObject({
    code: 'TRAFFIC_ROUTER_NOT_REACHED',
    retryable: true,
    hint: containing(`Manual rollback: relpipe-router set --state ${fixture.stateFile} --weights ${weights}`),
  });
});

test.each([
  ['a rollback', (fixture: EmbeddedFixture) => rollbackShift(configFor(fixture, 50), rollbackContext(shifted(5, 50))), 5],
  ['a shift with only-down', (fixture: EmbeddedFixture) => runShift(configFor(fixture, 10, { 'only-down': true, ...urlsOf(fixture) }), virtualContext<ShiftState>()), 10],
])('%s that finds the router dead changes the weights with which it starts, and counts as a change', async (_, rollBack, candidate) => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 50, candidate: 50 });
  const generation = await fixture.generation();
  await fixture.stopRouter();

  for (let i = 0; i < 2; i += 1) {
    await expect(rollBack(fixture)).rejects.toMatchObject({ hint: containing(`At its next start it has stable ${100 - candidate}%, candidate ${candidate}%, by the state file ${fixture.stateFile}`) });
  }

  await fixture.startRouter();
  expect(await fixture.weights()).toEqual({ stable: 100 - candidate, candidate });
  expect(await fixture.generation()).toBe(generation + 1);
  await rollBack(fixture);
});

test('a dead router that gives the candidate less than the rollback would is left as it is', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 98, candidate: 2 });
  await fixture.stopRouter();
  const before = await readFile(fixture.stateFile, 'utf8');

  await expect(rollbackShift(configFor(fixture, 50), rollbackContext(shifted(50, 2)))).rejects.toMatchObject({ hint: containing('At its next start it has stable 98%, candidate 2%') });

  expect(await readFile(fixture.stateFile, 'utf8')).toBe(before);
});

test('the state file of a router that is running but out of reach is not changed', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 50, candidate: 50 });
  const written = await readFile(fixture.stateFile, 'utf8');
  const { control } = await fixture.places();
  await writeFile(fixture.stateFile, written.replace(control, 'http://127.0.0.1:1'));

  await expect(rollbackShift(configFor(fixture, 50), rollbackContext(shifted(0, 50)))).rejects.toMatchObject({
    code: 'TRAFFIC_ROUTER_NOT_REACHED',
    hint: containing(`After its next start it may send traffic to candidate again: A router already uses the state file ${fixture.stateFile}`),
  });

  expect(JSON.parse(await readFile(fixture.stateFile, 'utf8'))).toMatchObject({ weights: { stable: 50, candidate: 50 } });
});

test('a router that is known only by its control endpoint cannot be prepared for its next start', async () => {
  await using fixture = await startFixture();
  const embedded = { control: (await fixture.places()).control, 'token-file': `${fixture.stateFile}.token` };
  await fixture.stopRouter();

  const lost = rollbackShift(configFor(fixture, 50, { router: embeddedAt(embedded) }), rollbackContext(shifted(0, 50)));

  await expect(lost).rejects.toMatchObject({ hint: expect.not.stringContaining('next start') as string });
});

test('the probe of a shift with only-down reports not-done for a dead router, so that the shift prepares its next start', async () => {
  await using fixture = await startFixture();
  await fixture.stopRouter();

  expect(await probeShift(configFor(fixture, 10, { 'only-down': true }), virtualContext())).toEqual({ found: 'not-done' });
  await expect(probeShift(configFor(fixture, 10), virtualContext())).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_NOT_REACHED' });
});

test('a shift that is cancelled while it measures fails', async () => {
  await using fixture = await startFixture();
  const cancelling = new AbortController();
  const whileAsleep = async () => cancelling.abort(new Error('cancelled'));

  const shifted = runShift(configFor(fixture, 10), sleepingContext<ShiftState>(whileAsleep, cancelling.signal));

  await expect(shifted).rejects.toThrow('cancelled');
});

test('a rollback of a shift that saved nothing changes nothing', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 90, candidate: 10 });

  await rollbackShift(configFor(fixture, 50), rollbackContext(undefined));

  expect(await fixture.weights()).toEqual({ stable: 90, candidate: 10 });
});

test('a shift with only-down lowers the candidate without measuring the share', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 50, candidate: 50 });
  const context = virtualContext<ShiftState>();
  const startedAt = context.clock.now();

  const output = await runShift(configFor(fixture, 10, { 'only-down': true }), context);

  expect(output).toEqual({ weight: 10, previous: 50, share: 'not-measured', moved: true });
  expect(context.clock.now()).toBe(startedAt);
  expect(await fixture.weights()).toEqual({ stable: 90, candidate: 10 });
});

test('a shift with only-down leaves a candidate alone that already has no more', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 95, candidate: 5 });
  const generation = await fixture.generation();

  const output = await runShift(configFor(fixture, 10, { 'only-down': true }), virtualContext());

  expect(output).toEqual({ weight: 5, previous: 5, share: 'not-measured', moved: false });
  expect(await fixture.generation()).toBe(generation);
});

test('a share that stays different from the asked one is an error', async () => {
  await using fixture = await startFixture();
  await fixture.setWeights({ stable: 50, candidate: 50 });
  // The candidate gets every second request, although 10 % were asked for: as from a proxy that has not applied the new weights.
  const context = sleepingContext<ShiftState>(() => fixture.send(2));
  const router = await configFor(fixture, 10).router.open(context);

  const measured = measureShare({ router, candidate: 'candidate', written: await router.read(), asked: 10, previous: 0 }, context);

  await expect(measured).rejects.toMatchObject({ code: 'TRAFFIC_SHARE_MISMATCH', message: expect.stringContaining('(50%)') as string });
});

/** A virtual context in which `whileAsleep` happens whenever the step sleeps. */
function sleepingContext<State>(whileAsleep: () => unknown, signal = new AbortController().signal): VirtualContext<State> {
  const context = virtualContext<State>({ signal });
  const sleep = async (ms: number): Promise<void> => {
    await context.clock.sleep(ms);
    await whileAsleep();
  };
  return { ...context, clock: { ...context.clock, sleep } };
}
