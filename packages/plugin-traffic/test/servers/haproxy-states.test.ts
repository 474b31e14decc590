import { containing } from '@relpipe/testing/matchers';
import { needing } from '@relpipe/testing/real-servers';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import type { Router } from '../../src/routers/index.ts';
import { runShift, verifyShift } from '../../src/steps/shift.impl.ts';
import type { ShiftState } from '../../src/steps/shift.ts';
import { joinSides } from '../../src/weights/join-sides.ts';
import { runVerify } from '../../src/steps/verify.impl.ts';
import { candidateAt, give, withHaproxy } from './support/haproxy.ts';

const shiftBy = (open: () => Promise<Router>, weight = 25) => ({ stable: 'stable', candidate: 'candidate', weight, router: { name: 'haproxy', open } });

const checked = { candidate: 'check inter 60s' };

test('a candidate that HAProxy calls DOWN is a warning before the run, and in the run it gets no weight', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await rig.send('set server live/candidate health down');
    const shift = shiftBy(() => open());

    expect(await verifyShift(shift, virtualContext())).toMatchObject([{ level: 'warning', code: 'TRAFFIC_SIDE_NOT_READY', message: containing('DOWN') }]);
    await expect(runShift(shift, virtualContext())).rejects.toMatchObject({ code: 'TRAFFIC_SIDE_NOT_READY', message: containing('is not served, whatever its weight is: DOWN') });

    expect(await rig.send('get weight live/candidate')).toBe('0 (initial 0)');
  }, '', checked));

test('a shift waits until HAProxy calls the candidate UP', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await rig.send('set server live/candidate health down');
    const context = virtualContext<ShiftState>();
    const sleep = async (ms: number) => {
      await rig.send('set server live/candidate health up');
      await context.clock.sleep(ms);
    };

    expect(await runShift(shiftBy(() => open()), { ...context, clock: { ...context.clock, now: () => context.clock.now(), sleep } })).toMatchObject({ weight: 25 });
  }, '', checked));

test('a candidate that HAProxy calls DOWN after the shift does not count as shifted', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await give(await open(), 25);
    await rig.send('set server live/candidate health down');

    await expect(runVerify(shiftBy(() => open()), virtualContext())).rejects.toMatchObject({ code: 'TRAFFIC_SIDE_NOT_READY' });
    expect(await runVerify(shiftBy(() => open()), virtualContext()).catch(() => rig.send('get weight live/candidate'))).toBe('25 (initial 0)');
  }, '', checked));

test('a server of HAProxy in maintenance is refused before the run, with the command that makes it ready', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    const shift = shiftBy(() => open());
    expect(await verifyShift(shift, virtualContext())).toMatchObject([
      { level: 'error', code: 'TRAFFIC_HAPROXY_NOT_READY', hint: containing('set server live/candidate state ready') },
    ]);
    expect(await verifyShift({ ...shift, router: { name: 'haproxy', open: () => open({ 'at-zero': 'maint' }) } }, virtualContext())).toEqual([]);

    await rig.send('set server live/candidate state ready');
    expect(await verifyShift(shift, virtualContext())).toEqual([]);
    await give(await open(), 25);
    expect(await (await open()).read()).toMatchObject({ weights: candidateAt(25) });
  }, '', { candidate: 'disabled' }));

test.for([
  ['static-rr', undefined, 'TRAFFIC_SHARE_UNSUPPORTED'],
  ['source', undefined, 'TRAFFIC_SHARE_UNSUPPORTED'],
  ['first', 'consistent', 'TRAFFIC_SHARE_UNSUPPORTED'],
  ['source\n  hash-type consistent', 'consistent', undefined],
  ['hdr(x-user)\n  hash-type consistent', 'consistent', undefined],
  ['leastconn', undefined, undefined],
  ['random', undefined, undefined],
] as const)('before a shift through HAProxy with balance %s and hash-type %s, the finding is %s', needing('haproxy'), ([balance, hashType, code]) =>
  withHaproxy(async ({ open }) => {
    const shift = shiftBy(() => open(hashType === undefined ? {} : { 'hash-type': hashType }));

    const findings = await verifyShift(shift, virtualContext());

    expect(findings).toMatchObject(code === undefined ? [] : [{ level: 'error', code, hint: containing('`balance roundrobin`, `leastconn` or `random`') }]);
    expect(findings).toHaveLength(code === undefined ? 0 : 1);
  }, `  balance ${balance}`));

test('a backup server of HAProxy has no share, is refused as candidate, and keeps its weight', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    expect(await verifyShift({ ...shiftBy(() => open()), candidate: 'sorry' }, virtualContext())).toMatchObject([
      { level: 'error', code: 'TRAFFIC_SIDE_NOT_READY', message: containing('is a backup server') },
    ]);

    expect(await runShift(shiftBy(() => open()), virtualContext())).toMatchObject({ weight: 25 });
    expect(await rig.send('get weight live/sorry')).toBe('7 (initial 7)');
  }, '  server sorry 127.0.0.1:9 backup weight 7'));

test('servers of a template of HAProxy are one side, and one in maintenance has its part of the share when it is back', needing('haproxy'), () =>
  withHaproxy(async ({ rig, open }) => {
    await rig.send('set weight live/stable 0; set server live/pool2 state maint');
    const shift = joinSides({ router: { name: 'haproxy', open: () => open() }, stable: 'pool*', candidate: 'candidate', weight: 20 });
    expect(await verifyShift(shift, virtualContext())).toMatchObject([
      { level: 'warning', code: 'TRAFFIC_SIDE_NOT_READY', message: containing('Of the 3 servers of the side pool*, 1 cannot be served now: pool2: MAINT.') },
    ]);

    expect(await runShift(shift, virtualContext())).toMatchObject({ weight: 20, previous: 0 });

    const weights = ['pool1', 'pool2', 'pool3', 'candidate'].map((name) => rig.send(`get weight live/${name}`));
    expect(await Promise.all(weights)).toEqual(['40 (initial 100)', '40 (initial 100)', '40 (initial 100)', '20 (initial 0)']);
  }, '  server-template pool 3 127.0.0.1:9 weight 100'));

test('a server of HAProxy whose name has no address yet is a warning before the run', needing('haproxy'), () =>
  withHaproxy(async ({ open }) => {
    expect(await verifyShift({ ...shiftBy(() => open()), candidate: 'web1' }, virtualContext())).toMatchObject([
      { level: 'warning', code: 'TRAFFIC_SIDE_NOT_READY', message: containing('MAINT (resolution)') },
    ]);
  }, '  server-template web 2 nowhere.invalid:80 init-addr none weight 0'));

test('a state file of HAProxy that cannot be written is an error before the run', needing('haproxy'), () =>
  withHaproxy(async ({ open }) => {
    const shift = shiftBy(() => open({ 'state-file': '/nowhere/server-state' }));
    expect(await verifyShift(shift, virtualContext())).toMatchObject([{ level: 'error', code: 'TRAFFIC_HAPROXY_NOT_SAVED' }]);
  }));
