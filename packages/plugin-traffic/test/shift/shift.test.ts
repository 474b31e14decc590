import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { containing } from '../../../../test/support/containing.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { measureShare } from '../../src/share/measure-share.ts';
import { probeShift } from '../../src/shift/probe-shift.ts';
import { rollbackShift } from '../../src/shift/rollback-shift.ts';
import { runShift } from '../../src/shift/run-shift.ts';
import type { ShiftConfig, ShiftOutputs, ShiftState } from '../../src/shift/shift-config.ts';
import { sleepingContext } from '../support/sleeping-context.ts';
import { embeddedAt } from '../support/embedded-at.ts';
import { startWorld, type World } from '../support/start-world.ts';

const configFor = ({ stateFile }: World, weight: number, more: Partial<ShiftConfig> = {}): ShiftConfig =>
  ({ router: embeddedAt({ state: stateFile }), stable: 'stable', candidate: 'candidate', weight, ...more });

const urlsOf = ({ sides }: World): Pick<ShiftConfig, 'stable' | 'candidate'> => ({ stable: sides['stable']!.url, candidate: sides['candidate']!.url });

const undoContext = (saved: ShiftState | undefined) =>
  virtualContext<ShiftState, ShiftOutputs>({ saved, because: 'a gate failed' });

test('a shift sets the weights, and tells the share that the candidate is really served', async () => {
  await using world = await startWorld();
  const context = sleepingContext<ShiftState>(() => world.send(50));

  const output = await runShift(configFor(world, 10), context);

  expect(output).toEqual({ weight: 10, former: 0, share: '10%', moved: true });
  expect(await world.weights()).toEqual({ stable: 90, candidate: 10 });
  expect(await world.send(100)).toEqual({ stable: 90, candidate: 10 });
});

test('the former weights are saved before anything is changed', async () => {
  await using world = await startWorld();
  const context = virtualContext<ShiftState>();
  const saveState = async () => {
    throw new Error('the disk is full');
  };

  await expect(runShift(configFor(world, 10), { ...context, saveState })).rejects.toThrow('the disk is full');
  expect(await world.weights()).toEqual({ stable: 100, candidate: 0 });

  await runShift(configFor(world, 10), context);
  expect(context.states).toEqual([{ weights: { stable: 100, candidate: 0 } }]);
});

test('with too little traffic to tell within 30 s the read-back counts', async () => {
  await using world = await startWorld();
  const context = virtualContext<ShiftState>();
  const beganAt = context.clock.now();

  const output = await runShift(configFor(world, 10), context);

  expect(output).toEqual({ weight: 10, former: 0, share: 'not-measured', moved: true });
  expect(context.clock.now() - beganAt).toBe(30_000);
});

test('sides are known by name, URL, or host and port', async () => {
  await using world = await startWorld();
  const { stable, candidate } = world.sides;

  await runShift(configFor(world, 20, { stable: stable!.url, candidate: new URL(candidate!.url).host }), virtualContext());

  expect(await world.weights()).toEqual({ stable: 80, candidate: 20 });
});

test('the router is found by its control endpoint and token file as well', async () => {
  await using world = await startWorld();
  const embedded = { control: `${(await world.places()).control}/`, 'token-file': `${world.stateFile}.token` };

  await runShift(configFor(world, 20, { router: embeddedAt(embedded) }), virtualContext());

  expect(await world.weights()).toEqual({ stable: 80, candidate: 20 });
});

test('a side the router does not know is refused with the sides it has', async () => {
  await using world = await startWorld();

  await expect(runShift(configFor(world, 10, { candidate: 'canary' }), virtualContext())).rejects.toMatchObject({
    code: 'TRAFFIC_SIDE_UNKNOWN',
    hint: `It has stable (${world.sides['stable']!.url}) and candidate (${world.sides['candidate']!.url}).`,
  });
});

test('stable and candidate must be two sides', async () => {
  await using world = await startWorld();

  await expect(runShift(configFor(world, 10, { candidate: 'stable' }), virtualContext())).rejects.toMatchObject({ code: 'TRAFFIC_SIDES_SAME' });
});

test('a third side with traffic is refused', async () => {
  await using world = await startWorld(['stable', 'candidate', 'mirror']);
  await world.setWeights({ stable: 70, candidate: 0, mirror: 30 });

  await expect(runShift(configFor(world, 10), virtualContext())).rejects.toMatchObject({
    code: 'TRAFFIC_OTHER_SIDE',
    message: expect.stringContaining('mirror, has 30%') as string,
  });
  expect(await world.weights()).toEqual({ stable: 70, candidate: 0, mirror: 30 });
});

test('a router that is gone is an error that trying again may help', async () => {
  await using world = await startWorld();
  const { control } = await world.places();
  const ways = [{ state: world.stateFile }, { control, 'token-file': `${world.stateFile}.token` }];
  await world.stopRouter();

  for (const embedded of ways) {
    const shifted = runShift(configFor(world, 10, { router: embeddedAt(embedded) }), virtualContext());
    await expect(shifted).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_NOT_REACHED', retryable: true });
  }
});

test('a weight finer than the router keeps is rounded, so that both sides add up to 100%', async () => {
  await using world = await startWorld();
  const context = virtualContext<ShiftState>();

  const output = await runShift(configFor(world, 100 / 3), context);

  expect(output.weight).toBe(33.3333);
  expect(await world.weights()).toEqual({ stable: 66.6667, candidate: 33.3333 });
});

test('somebody else who changes the weights before a shift is noticed', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 70, candidate: 30 });

  await expect(runShift(configFor(world, 50, { from: 10 }), virtualContext())).rejects.toMatchObject({
    code: 'TRAFFIC_DRIFT',
    message: expect.stringContaining('expected stable 90%, candidate 10%, found stable 70%, candidate 30%') as string,
  });
  expect(await world.weights()).toEqual({ stable: 70, candidate: 30 });
});

test('somebody else who changes the weights while the share is measured is noticed', async () => {
  await using world = await startWorld();
  const whileAsleep = async () => {
    if ((await world.weights())['candidate'] === 10) await world.setWeights({ stable: 60, candidate: 40 });
  };

  await expect(runShift(configFor(world, 10), sleepingContext<ShiftState>(whileAsleep))).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT' });
});

test('somebody else who changes the weights and puts them back is noticed too', async () => {
  await using world = await startWorld();
  const whileAsleep = async () => {
    await world.setWeights({ stable: 60, candidate: 40 });
    await world.setWeights({ stable: 90, candidate: 10 });
  };

  await expect(runShift(configFor(world, 10), sleepingContext<ShiftState>(whileAsleep))).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT' });
});

test('a second attempt keeps the former weights of the first one', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 90, candidate: 10 });
  const context = virtualContext<ShiftState>({ saved: { weights: { stable: 100, candidate: 0 } } });

  const output = await runShift(configFor(world, 10), context);

  expect(output).toMatchObject({ weight: 10, former: 0, moved: true });
  expect(context.states).toEqual([{ weights: { stable: 100, candidate: 0 } }]);
});

test('a second attempt that finds neither the former nor the wanted weights stops', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 70, candidate: 30 });
  const saved = { weights: { stable: 100, candidate: 0 } };

  await expect(runShift(configFor(world, 10), virtualContext({ saved }))).rejects.toMatchObject({ code: 'TRAFFIC_DRIFT' });
  expect(await probeShift(configFor(world, 10), virtualContext({ saved }))).toMatchObject({ found: 'conflict' });
});

test('a probe says done when the weights are already so, and not done when they are as before', async () => {
  await using world = await startWorld();
  const saved = { weights: { stable: 100, candidate: 0 } };
  expect(await probeShift(configFor(world, 10), virtualContext({ saved }))).toEqual({ found: 'not-done' });

  await world.setWeights({ stable: 90, candidate: 10 });
  expect(await probeShift(configFor(world, 10), virtualContext({ saved }))).toEqual({
    found: 'done',
    output: { weight: 10, former: 0, share: 'not-measured', moved: true },
  });
});

test('a rollback puts the saved weights back, and doing it twice is doing it once', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 95, candidate: 5 });
  const context = virtualContext<ShiftState>();
  await runShift(configFor(world, 50), context);

  for (let i = 0; i < 2; i += 1) {
    await rollbackShift(configFor(world, 50), undoContext(context.states[0]));
    expect(await world.weights()).toEqual({ stable: 95, candidate: 5 });
  }
});

test('a rollback never gives the candidate more than it has', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 98, candidate: 2 });
  const context = undoContext({ weights: { stable: 50, candidate: 50 } });

  await rollbackShift(configFor(world, 10), context);

  expect(await world.weights()).toEqual({ stable: 98, candidate: 2 });
  expect(context.lines).toEqual([expect.stringContaining('it had 50%, but a way back gives it no more')]);
});

test('a rollback takes traffic back from a candidate that somebody else has given more', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 20, candidate: 80 });

  await rollbackShift(configFor(world, 10), undoContext({ weights: { stable: 100, candidate: 0 } }));

  expect(await world.weights()).toEqual({ stable: 100, candidate: 0 });
});

test('a rollback finds a router that was started again on other ports', async () => {
  await using world = await startWorld();
  const context = virtualContext<ShiftState>();
  await runShift(configFor(world, 50), context);
  await world.stopRouter();
  await world.startRouter();
  expect(await world.weights()).toEqual({ stable: 50, candidate: 50 });

  await rollbackShift(configFor(world, 50), undoContext(context.states[0]));

  expect(await world.weights()).toEqual({ stable: 100, candidate: 0 });
});

test.each([
  ['a rollback', (world: World) => rollbackShift(configFor(world, 50), undoContext({ weights: { stable: 95, candidate: 5 } })), 'stable=95,candidate=5'],
  ['a shift that goes only down', (world: World) => runShift(configFor(world, 10, { 'only-down': true }), virtualContext<ShiftState>()), 'stable=90,candidate=10'],
])('%s that cannot be done says what a person can type instead', async (_, goBack, weights) => {
  await using world = await startWorld();
  await world.stopRouter();

  await expect(goBack(world)).rejects.toMatchObject({
    code: 'TRAFFIC_ROUTER_NOT_REACHED',
    retryable: true,
    hint: containing(`By hand: relpipe-router set --state ${world.stateFile} --weights ${weights}`),
  });
});

test.each([
  ['a rollback', (world: World) => rollbackShift(configFor(world, 50), undoContext({ weights: { stable: 95, candidate: 5 } })), 5],
  ['a shift that goes only down', (world: World) => runShift(configFor(world, 10, { 'only-down': true, ...urlsOf(world) }), virtualContext<ShiftState>()), 10],
])('%s that finds the router dead sets what it starts with, and counts as a change', async (_, goBack, candidate) => {
  await using world = await startWorld();
  await world.setWeights({ stable: 50, candidate: 50 });
  const generation = await world.generation();
  await world.stopRouter();

  for (let i = 0; i < 2; i += 1) {
    await expect(goBack(world)).rejects.toMatchObject({ hint: containing(`At its next start it has stable ${100 - candidate}%, candidate ${candidate}%, by the state file ${world.stateFile}`) });
  }

  await world.startRouter();
  expect(await world.weights()).toEqual({ stable: 100 - candidate, candidate });
  expect(await world.generation()).toBe(generation + 1);
  await goBack(world);
});

test('a dead router that would give the candidate less than the way back is left as it is', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 98, candidate: 2 });
  await world.stopRouter();
  const before = await readFile(world.stateFile, 'utf8');

  await expect(rollbackShift(configFor(world, 50), undoContext({ weights: { stable: 50, candidate: 50 } }))).rejects.toMatchObject({ hint: containing('At its next start it has stable 98%, candidate 2%') });

  expect(await readFile(world.stateFile, 'utf8')).toBe(before);
});

test('a router that lives and is out of reach keeps its state file to itself', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 50, candidate: 50 });
  const written = await readFile(world.stateFile, 'utf8');
  const { control } = await world.places();
  await writeFile(world.stateFile, written.replace(control, 'http://127.0.0.1:1'));

  await expect(rollbackShift(configFor(world, 50), undoContext({ weights: { stable: 100, candidate: 0 } }))).rejects.toMatchObject({
    code: 'TRAFFIC_ROUTER_NOT_REACHED',
    hint: containing(`Its next start may give candidate traffic again: A router already uses the state file ${world.stateFile}`),
  });

  expect(JSON.parse(await readFile(world.stateFile, 'utf8'))).toMatchObject({ weights: { stable: 50, candidate: 50 } });
});

test('a router of which only the control endpoint is known cannot be prepared for its next start', async () => {
  await using world = await startWorld();
  const embedded = { control: (await world.places()).control, 'token-file': `${world.stateFile}.token` };
  await world.stopRouter();

  const lost = rollbackShift(configFor(world, 50, { router: embeddedAt(embedded) }), undoContext({ weights: { stable: 100, candidate: 0 } }));

  await expect(lost).rejects.toMatchObject({ hint: expect.not.stringContaining('next start') as string });
});

test('whether a dead router has gone down already is for the shift to find out: it sees to the next start', async () => {
  await using world = await startWorld();
  await world.stopRouter();

  expect(await probeShift(configFor(world, 10, { 'only-down': true }), virtualContext())).toEqual({ found: 'not-done' });
  await expect(probeShift(configFor(world, 10), virtualContext())).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_NOT_REACHED' });
});

test('a shift that is cancelled while it measures stops', async () => {
  await using world = await startWorld();
  const cancelling = new AbortController();
  const whileAsleep = async () => cancelling.abort(new Error('cancelled'));

  const shifted = runShift(configFor(world, 10), sleepingContext<ShiftState>(whileAsleep, cancelling.signal));

  await expect(shifted).rejects.toThrow('cancelled');
});

test('a rollback of a shift that saved nothing changes nothing', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 90, candidate: 10 });

  await rollbackShift(configFor(world, 50), undoContext(undefined));

  expect(await world.weights()).toEqual({ stable: 90, candidate: 10 });
});

test('a shift that goes only down lowers the candidate without waiting for the share', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 50, candidate: 50 });
  const context = virtualContext<ShiftState>();
  const beganAt = context.clock.now();

  const output = await runShift(configFor(world, 10, { 'only-down': true }), context);

  expect(output).toEqual({ weight: 10, former: 50, share: 'not-measured', moved: true });
  expect(context.clock.now()).toBe(beganAt);
  expect(await world.weights()).toEqual({ stable: 90, candidate: 10 });
});

test('a shift that goes only down leaves a candidate alone that has no more', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 95, candidate: 5 });
  const generation = await world.generation();

  const output = await runShift(configFor(world, 10, { 'only-down': true }), virtualContext());

  expect(output).toEqual({ weight: 5, former: 5, share: 'not-measured', moved: false });
  expect(await world.generation()).toBe(generation);
});

test('requests past the asked share are an error when they do not stop', async () => {
  await using world = await startWorld();
  await world.setWeights({ stable: 50, candidate: 50 });
  // Answers for the candidate are one in two, although its weight is 10: as with a proxy that has not taken the new weights.
  const context = sleepingContext<ShiftState>(() => world.send(2));
  const router = await configFor(world, 10).router.open(context);

  const measured = measureShare({ router, candidate: 'candidate', set: await router.read(), asked: 10, former: 0 }, context);

  await expect(measured).rejects.toMatchObject({ code: 'TRAFFIC_SHARE_OFF', message: expect.stringContaining('(50%)') as string });
});
