import { readFile, writeFile } from 'node:fs/promises';
import { containing } from '@relpipe/testing/matchers';
import { needing } from '@relpipe/testing/real-servers';
import { virtualContext } from '@relpipe/testing/step-context';
import { isStepError } from 'relpipe/plugin';
import { expect, test } from 'vitest';
import type { Router, SideWeights } from '../../src/routers/index.ts';
import { verifyPreview } from '../../src/steps/preview.impl.ts';
import { rollbackShift, runShift } from '../../src/steps/shift.impl.ts';
import { runVerify } from '../../src/steps/verify.impl.ts';
import { candidateAt, give, type HaproxyRig, withHaproxy } from './support/haproxy.ts';

const sides = { stable: 'stable', candidate: 'candidate' };

/** As a rollback does. */
const rollBack = (open: () => Promise<Router>, weights: SideWeights, wanted = candidateAt(50)): Promise<void> =>
  rollbackShift({ ...sides, router: { name: 'haproxy', open }, weight: 100 }, virtualContext({ saved: { router: 'of the run', weights, wanted, written: true } }));

const withoutStateFile = ({ provision, config }: HaproxyRig): Promise<Router> =>
  provision.open({ socket: config['socket'] ?? '', backend: 'live' }, virtualContext());

/** The columns that HAProxy keeps, without times and results of checks. */
const rows = (states: string): readonly string[][] => states.split('\n').map((line) => line.split(' ').slice(0, 9));

test('weights outlive a reload of HAProxy', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const router = await open();
    await give(router, 25);

    await rig.reload();

    expect(await router.read()).toMatchObject({ weights: candidateAt(25) });
    expect((await router.read()).possibleWeights).toBeUndefined();
  }));

test('without a state file a reload brings the weights of the configuration', needing('haproxy'), () =>
  withHaproxy(async ({ rig }) => {
    await rig.send('set weight live/candidate 100');

    await rig.reload();

    expect(await rig.send('get weight live/candidate')).toBe('0 (initial 0)');
  }));

test('traffic.verify refuses weights that the next reload of HAProxy would change, and a shift to them saves them', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const router = await open();
    await rig.setManually({ stable: 90, candidate: 10 });
    expect(await router.read()).toMatchObject({ weights: candidateAt(10), possibleWeights: candidateAt(0) });
    const config = { ...sides, router: { name: 'haproxy', open: () => open() }, weight: 10 };
    await expect(runVerify(config, virtualContext())).rejects.toMatchObject({ code: 'TRAFFIC_CHANGE_INTERRUPTED' });

    await runShift(config, virtualContext());

    await rig.reload();
    expect(await runVerify(config, virtualContext())).toEqual({ weight: 10 });
  }));

test('a shift that was killed before HAProxy saved its weights is also rolled back for the next reload', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const router = await open();
    await give(router, 50);
    // Killed during a rollback: HAProxy already serves 0 %, and would serve 50 % again after a reload.
    await rig.setManually({ stable: 100, candidate: 0 });
    const saved = { router: 'of the run', weights: candidateAt(0), wanted: candidateAt(50), written: true };

    await rollbackShift({ ...sides, router: { name: 'haproxy', open: () => open() }, weight: 50 }, virtualContext({ saved }));

    await rig.reload();
    expect(await router.read()).toMatchObject({ weights: candidateAt(0) });
  }));

test('a rollback that does not reach HAProxy prints the command for a manual one, which sets the weights and saves them', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await give(await open(), 50);
    const nobody = await open({ socket: `${rig.stateFile}.sock` });
    const saved = { router: 'of the run', weights: candidateAt(5), wanted: candidateAt(50), written: true };

    const lost: unknown = await rollbackShift({ ...sides, router: { name: 'haproxy', open: async () => nobody }, weight: 50 }, virtualContext({ saved })).catch((error: unknown) => error);

    const manualCommand = /Manual rollback: (echo '.*)$/.exec(isStepError(lost) ? (lost.hint ?? '') : '')?.[1] ?? 'false';
    const orders = [...manualCommand.matchAll(/echo '(.*?)' \| socat stdio \S+/g)].map(([, order = '']) => order);
    expect(manualCommand).toMatch(new RegExp(`\\.sock && .* > ${rig.stateFile}$`));
    await rig.send(orders[0] ?? '');
    await writeFile(rig.stateFile, await rig.send(orders[1] ?? ''));
    expect(await (await open()).read()).toMatchObject({ weights: candidateAt(5) });
    expect((await (await open()).read()).possibleWeights).toBeUndefined();
  }));

test('with at-zero maint, a dead HAProxy starts with stable out of maintenance and the candidate in it', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const settings = { 'at-zero': 'maint' } as const;
    await give(await open(settings), 100);
    const states = await rig.send('show servers state live');
    await rig.routerProcess?.stop();

    await expect(rollBack(() => open(settings), candidateAt(0), candidateAt(100))).rejects.toMatchObject({ hint: containing('At its next start it has stable 100%, candidate 0%') });

    await rig.routerProcess?.start();
    expect(await (await fetch(rig.url)).text()).toBe('stable');
    const router = await open(settings);
    expect(await router.read()).toMatchObject({ weights: candidateAt(0) });
    expect((await router.read()).possibleWeights).toBeUndefined();
    await give(router, 100);
    expect(rows(await rig.send('show servers state live'))).toEqual(rows(states));
  }));

test('a dead HAProxy is not prepared to give all traffic to a server that somebody has put into maintenance', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await rig.send('set server live/stable state maint');
    await give(await open(), 100);
    const before = await readFile(rig.stateFile, 'utf8');
    await rig.routerProcess?.stop();

    await expect(rollBack(open, candidateAt(0), candidateAt(100))).rejects.toMatchObject({
      code: 'TRAFFIC_HAPROXY_NOT_REACHED',
      hint: containing('After its next start it may send traffic to candidate again: The server live/stable of HAProxy should get traffic, but somebody has put it into the state maint.'),
    });
    expect(await readFile(rig.stateFile, 'utf8')).toBe(before);
  }));

test('an HAProxy that was only out of reach during a rollback reports that it serves other weights than it would start with', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await give(await open(), 50);

    await expect(rollBack(() => open({ socket: `${rig.stateFile}.sock` }), candidateAt(0))).rejects.toMatchObject({ code: 'TRAFFIC_HAPROXY_NOT_REACHED' });

    expect(await (await open()).read()).toMatchObject({ weights: candidateAt(50), possibleWeights: candidateAt(0) });
    await rollBack(open, candidateAt(0));
    expect(await (await open()).read()).toMatchObject({ weights: candidateAt(0) });
    expect((await (await open()).read()).possibleWeights).toBeUndefined();
  }));

test('a rollback reports that a dead HAProxy without saved state starts with its configured weights', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await rig.routerProcess?.stop();

    await expect(rollBack(open, candidateAt(0))).rejects.toMatchObject({ hint: containing(`${rig.stateFile} contains nothing about the backend live: HAProxy will start with the weights of its configuration.`) });
    await expect(rollBack(() => withoutStateFile(rig), candidateAt(0))).rejects.toMatchObject({ hint: expect.not.stringContaining('next start') as string });
  }));

test('the Runtime API of HAProxy is also reached over TCP', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const overTcp = await rig.provision.open({ address: rig.address, backend: 'live' }, virtualContext());
    await give(overTcp, 40);
    expect((await (await open()).read()).weights).toEqual(candidateAt(40));
  }));

test.for([
  [10, '90', '10'],
  [12.5, '7', '1'],
  [33.3, '2', '1'],
  [0.5, '199', '1'],
] as const)('a shift to %d percent sets the nearest pair of weights of HAProxy from 0 to 256', needing('haproxy'), ([percent, stable, candidate]) =>
  withHaproxy(async ({ rig, open }) => {
    const output = await runShift({ ...sides, router: { name: 'haproxy', open: () => open() }, weight: percent }, virtualContext());

    expect(Math.abs(output.weight - percent)).toBeLessThan(0.05);
    expect(await rig.send('get weight live/stable')).toBe(`${stable} (initial 100)`);
    expect(await rig.send('get weight live/candidate')).toBe(`${candidate} (initial 0)`);
  }));

test('a share that HAProxy does not support is refused with the nearest share', needing('haproxy'), () =>
  withHaproxy(async ({ open }) => {
    const shifted = runShift({ ...sides, router: { name: 'haproxy', open: () => open() }, weight: 0.1 }, virtualContext());

    await expect(shifted).rejects.toMatchObject({ code: 'TRAFFIC_SHARE_UNSUPPORTED', hint: 'Use the nearest share that it supports: 0.3891%.' });
  }));

test('a server of HAProxy without a share keeps its sticky users, unless it is put into maintenance', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const ask = async (cookie: string) => (await fetch(rig.url, { headers: { cookie } })).text();
    const [draining, closing] = [await open(), await open({ 'at-zero': 'maint' })];
    await give(draining, 100);
    const cookie = ((await fetch(rig.url)).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect(await ask(cookie)).toBe('candidate');

    await give(draining, 0);
    expect([await ask(cookie), await ask('')]).toEqual(['candidate', 'stable']);
    await give(closing, 0);
    expect([await ask(cookie), await ask('')]).toEqual(['stable', 'stable']);
    await give(closing, 50);
    expect(await ask(cookie)).toBe('candidate');
  }, '  cookie SRV insert indirect nocache\n'));

test('a server of HAProxy that somebody has put into maintenance is not given traffic', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await rig.send('set server live/candidate state maint');
    await expect(give(await open(), 10)).rejects.toMatchObject({ code: 'TRAFFIC_HAPROXY_NOT_READY', hint: containing('set server live/candidate state ready') });
    expect(await rig.send('get weight live/candidate')).toBe('0 (initial 0)');
  }));

test('an unknown backend of HAProxy is reported with its answer', needing('haproxy'), () =>
  withHaproxy(async ({ open }) => {
    const router = await open({ backend: 'dead' });
    await expect(router.read()).rejects.toMatchObject({ code: 'TRAFFIC_HAPROXY_BACKEND_UNKNOWN', message: containing("Can't find backend") });
  }));

test('a command that HAProxy refuses is reported with its answer', needing('haproxy'), () =>
  withHaproxy(
    async ({ open }) => {
      await expect(give(await open(), 10)).rejects.toMatchObject({ code: 'TRAFFIC_HAPROXY_REFUSED', message: containing('static LB algorithm') });
    },
    '  balance static-rr\n',
  ));

test('a state file of HAProxy that cannot be written stops a shift before anything is changed', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const router = await open({ 'state-file': '/nowhere/server-state' });
    await expect(give(router, 10)).rejects.toMatchObject({ code: 'TRAFFIC_HAPROXY_NOT_SAVED' });
    expect(await rig.send('get weight live/candidate')).toBe('0 (initial 0)');
  }));

test('a preview through HAProxy is refused before anything starts', needing('haproxy'), () =>
  withHaproxy(async ({ open }) => {
    const findings = await verifyPreview({ router: { name: 'haproxy', open: () => open() }, candidate: 'candidate', match: { header: 'x' } }, virtualContext());
    expect(findings).toMatchObject([{ level: 'error', code: 'TRAFFIC_PREVIEW_UNSUPPORTED' }]);
  }));
