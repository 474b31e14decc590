import { readFile, writeFile } from 'node:fs/promises';
import { isStepError } from 'relpipe/plugin';
import { expect, test } from 'vitest';
import { containing } from '../../../../test/support/containing.ts';
import { needing } from '../../../../test/support/servers.ts';
import { virtualContext } from '../../../../test/support/virtual-context.ts';
import { rollbackShift } from '../../src/shift/rollback-shift.ts';
import { runConfirm } from '../../src/confirm/run-confirm.ts';
import { runShift } from '../../src/shift/run-shift.ts';
import { verifyTesters } from '../../src/testers/verify-testers.ts';
import type { Router, SideWeights } from '../../src/router-kinds/index.ts';
import type { HaproxyRig } from './support/haproxy.ts';
import { candidateAt, give, withHaproxy } from './support/with-haproxy.ts';

const sides = { stable: 'stable', candidate: 'candidate' };

/** As a rollback does. */
const goBack = (open: () => Promise<Router>, weights: SideWeights): Promise<void> =>
  rollbackShift({ ...sides, router: { name: 'haproxy', open }, weight: 100 }, virtualContext({ saved: { weights } }));

const withoutStateFile = ({ provision, config }: HaproxyRig): Promise<Router> =>
  provision.open({ socket: config['socket'] ?? '', backend: 'live' }, virtualContext());

/** What is kept of the servers: not for how long they have been as they are, nor how their checks went. */
const rows = (states: string): readonly string[][] => states.split('\n').map((line) => line.split(' ').slice(0, 9));

test('weights outlive a reload of HAProxy', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const router = await open();
    await give(router, 25);

    await rig.reload();

    expect(await router.read()).toMatchObject({ weights: candidateAt(25) });
    expect((await router.read()).orElse).toBeUndefined();
  }));

test('without a state file a reload brings the weights of the configuration', needing('haproxy'), () =>
  withHaproxy(async ({ rig }) => {
    await rig.say('set weight live/candidate 100');

    await rig.reload();

    expect(await rig.say('get weight live/candidate')).toBe('0 (initial 0)');
  }));

test('weights that the next reload would change are not confirmed, and a shift to them saves them', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const router = await open();
    await rig.setByHand({ stable: 90, candidate: 10 });
    expect(await router.read()).toMatchObject({ weights: candidateAt(10), orElse: candidateAt(0) });
    const config = { ...sides, router: { name: 'haproxy', open: () => open() }, weight: 10 };
    await expect(runConfirm(config, virtualContext())).rejects.toMatchObject({ code: 'TRAFFIC_UNSETTLED' });

    await runShift(config, virtualContext());

    await rig.reload();
    expect(await runConfirm(config, virtualContext())).toEqual({ weight: 10 });
  }));

test('a shift that was killed before its weights were saved is taken back for the reload as well', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const router = await open();
    await give(router, 50);
    // Killed on the way back: HAProxy serves 0 % already, and would serve 50 % again after a reload.
    await rig.setByHand({ stable: 100, candidate: 0 });
    const saved = { weights: candidateAt(0) };

    await rollbackShift({ ...sides, router: { name: 'haproxy', open: () => open() }, weight: 50 }, virtualContext({ saved }));

    await rig.reload();
    expect(await router.read()).toMatchObject({ weights: candidateAt(0) });
  }));

test('a way back that HAProxy does not hear says what a person can type, which gives those weights and keeps them', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await give(await open(), 50);
    const nobody = await open({ socket: `${rig.stateFile}.sock` });
    const saved = { weights: candidateAt(5) };

    const lost: unknown = await rollbackShift({ ...sides, router: { name: 'haproxy', open: async () => nobody }, weight: 50 }, virtualContext({ saved })).catch((error: unknown) => error);

    const byHand = /By hand: (echo '.*)$/.exec(isStepError(lost) ? (lost.hint ?? '') : '')?.[1] ?? 'false';
    const orders = [...byHand.matchAll(/echo '(.*?)' \| socat stdio \S+/g)].map(([, order = '']) => order);
    expect(byHand).toMatch(new RegExp(`\\.sock && .* > ${rig.stateFile}$`));
    await rig.say(orders[0] ?? '');
    await writeFile(rig.stateFile, await rig.say(orders[1] ?? ''));
    expect(await (await open()).read()).toMatchObject({ weights: candidateAt(5) });
    expect((await (await open()).read()).orElse).toBeUndefined();
  }));

test('a dead HAProxy gets stable out of maintenance at its next start, and the candidate into it, where that is how a share of 0 is given', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const settings = { 'at-zero': 'maint' } as const;
    await give(await open(settings), 100);
    const states = await rig.say('show servers state live');
    await rig.life?.stop();

    await expect(goBack(() => open(settings), candidateAt(0))).rejects.toMatchObject({ hint: containing('At its next start it has stable 100%, candidate 0%') });

    await rig.life?.start();
    expect(await (await fetch(rig.url)).text()).toBe('stable');
    const router = await open(settings);
    expect(await router.read()).toMatchObject({ weights: candidateAt(0) });
    expect((await router.read()).orElse).toBeUndefined();
    await give(router, 100);
    expect(rows(await rig.say('show servers state live'))).toEqual(rows(states));
  }));

test('a dead HAProxy is not left without a server: stable, which somebody has put into maintenance, is not given the traffic', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await rig.say('set server live/stable state maint');
    await give(await open(), 100);
    const before = await readFile(rig.stateFile, 'utf8');
    await rig.life?.stop();

    await expect(goBack(open, candidateAt(0))).rejects.toMatchObject({
      code: 'TRAFFIC_HAPROXY_NOT_REACHED',
      hint: containing('Its next start may give candidate traffic again: The server live/stable of HAProxy is to get traffic, and somebody has put it into the state maint.'),
    });
    expect(await readFile(rig.stateFile, 'utf8')).toBe(before);
  }));

test('an HAProxy that is only out of reach on the way back is seen to serve other weights than it would start with', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await give(await open(), 50);

    await expect(goBack(() => open({ socket: `${rig.stateFile}.sock` }), candidateAt(0))).rejects.toMatchObject({ code: 'TRAFFIC_HAPROXY_NOT_REACHED' });

    expect(await (await open()).read()).toMatchObject({ weights: candidateAt(50), orElse: candidateAt(0) });
    await goBack(open, candidateAt(0));
    expect(await (await open()).read()).toMatchObject({ weights: candidateAt(0) });
    expect((await (await open()).read()).orElse).toBeUndefined();
  }));

test('an HAProxy that saved nothing starts as it is configured, and that is said', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await rig.life?.stop();

    await expect(goBack(open, candidateAt(0))).rejects.toMatchObject({ hint: containing(`${rig.stateFile} says nothing of the backend live, so that HAProxy starts with the weights of its configuration.`) });
    await expect(goBack(() => withoutStateFile(rig), candidateAt(0))).rejects.toMatchObject({ hint: expect.not.stringContaining('next start') as string });
  }));

test('the Runtime API is reached over TCP as well', needing('haproxy'), () =>
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
] as const)('%d percent becomes the nearest pair of weights from 0 to 256', needing('haproxy'), ([percent, stable, candidate]) =>
  withHaproxy(async ({ rig, open }) => {
    const output = await runShift({ ...sides, router: { name: 'haproxy', open: () => open() }, weight: percent }, virtualContext());

    expect(Math.abs(output.weight - percent)).toBeLessThan(0.05);
    expect(await rig.say('get weight live/stable')).toBe(`${stable} (initial 100)`);
    expect(await rig.say('get weight live/candidate')).toBe(`${candidate} (initial 0)`);
  }));

test('a share that HAProxy cannot give is refused with the nearest one', needing('haproxy'), () =>
  withHaproxy(async ({ open }) => {
    const shifted = runShift({ ...sides, router: { name: 'haproxy', open: () => open() }, weight: 0.1 }, virtualContext());

    await expect(shifted).rejects.toMatchObject({ code: 'TRAFFIC_SHARE_UNSUPPORTED', hint: 'The nearest it can give is 0.3891%.' });
  }));

test('a server without a share keeps its sticky users, unless it is put into maintenance', needing('haproxy'), () =>
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

test('a server that somebody has put into maintenance is not given traffic', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await rig.say('set server live/candidate state maint');
    await expect(give(await open(), 10)).rejects.toMatchObject({ code: 'TRAFFIC_HAPROXY_NOT_READY', hint: containing('set server live/candidate state ready') });
    expect(await rig.say('get weight live/candidate')).toBe('0 (initial 0)');
  }));

test('a backend that is not there is said', needing('haproxy'), () =>
  withHaproxy(async ({ open }) => {
    const router = await open({ backend: 'dead' });
    await expect(router.read()).rejects.toMatchObject({ code: 'TRAFFIC_HAPROXY_BACKEND_UNKNOWN', message: containing("Can't find backend") });
  }));

test('what HAProxy refuses is said in its own words', needing('haproxy'), () =>
  withHaproxy(
    async ({ open }) => {
      await expect(give(await open(), 10)).rejects.toMatchObject({ code: 'TRAFFIC_HAPROXY_REFUSED', message: containing('static LB algorithm') });
    },
    '  balance static-rr\n',
  ));

test('a state file that cannot be written stops a shift before anything is changed', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const router = await open({ 'state-file': '/nowhere/server-state' });
    await expect(give(router, 10)).rejects.toMatchObject({ code: 'TRAFFIC_HAPROXY_NOT_SAVED' });
    expect(await rig.say('get weight live/candidate')).toBe('0 (initial 0)');
  }));

test('testers are refused before anything starts, because HAProxy is told of them in its configuration', needing('haproxy'), () =>
  withHaproxy(async ({ open }) => {
    const findings = await verifyTesters({ router: { name: 'haproxy', open: () => open() }, candidate: 'candidate', testers: { header: 'x' } }, virtualContext());
    expect(findings).toMatchObject([{ level: 'error', code: 'TRAFFIC_TESTERS_UNSUPPORTED' }]);
  }));
