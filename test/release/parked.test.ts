import { setTimeout as pause } from 'node:timers/promises';
import { describe } from 'vitest';
import { startPrometheus, type Prometheus } from './world/prometheus.ts';
import { test } from './world/side-by-side.ts';
import { until, type World } from './world/world.ts';

const limit = { timeout: 60_000 };
const holdMs = 2500;
const phases = [{ weight: 25, hold: `${holdMs}ms` }, { weight: 100, hold: `${holdMs}ms` }];
const asking = ({ url }: Prometheus): string =>
  `{ uses: prometheus.query, unit: ratio, with: { server: "${url}", query: 'errors[$window]' }, threshold: { max: 10% }, no-data: inconclusive }`;

/** Runs until it parks in the first hold. @returns when that was */
async function park(world: World): Promise<number> {
  const { code, stdout, stderr } = await world.ended('run', '--json', '--park-after', '1s');
  if (code !== 75) throw new Error(`it ended with ${code}:\n${stdout}${stderr}`);
  return Date.now();
}

const resumeDue = (world: World) => world.ended('resume', '--due', '--json', '--park-after', '1s');

/** Parked at the longest until the hold is over. */
const holdIsOver = (parkedAt: number) => until(() => Date.now() > parkedAt + holdMs);

describe.concurrent('a run that is parked in a hold', () => {
  test('is taken back for a breach that began and ended while nobody looked, where the past can be asked', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await using prometheus = await startPrometheus();
    await world.write({ phases, metric: asking(prometheus) });
    const parkedAt = await park(world);
    prometheus.valueAt = (at) => (at > parkedAt + 300 && at < parkedAt + 1200 ? 0.5 : 0);
    await holdIsOver(parkedAt);
    const { code, stdout } = await resumeDue(world);
    expect({ code, held: world.wire.held, now: await world.router.candidate() }, stdout).toEqual({ code: 3, held: [25, 0], now: 0 });
    expect(stdout).toContain('is 50 %, above max 10 %');
  });

  test('goes on when the past was good, and parks again in the next hold', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await using prometheus = await startPrometheus();
    await world.write({ phases, metric: asking(prometheus) });
    const parkedAt = await park(world);
    const tooEarly = await resumeDue(world);
    expect({ code: tooEarly.code, held: world.wire.held }, 'nothing is due yet').toEqual({ code: 0, held: [25] });
    await holdIsOver(parkedAt);
    const second = await resumeDue(world);
    expect({ code: second.code, held: world.wire.held }, second.stdout).toEqual({ code: 75, held: [25, 100] });
    await holdIsOver(Date.now());
    const { code, stdout } = await resumeDue(world);
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 0, held: [25, 100] });
    const seen = prometheus.asked.filter((at) => at > parkedAt && at < parkedAt + 1000);
    expect(new Set(seen).size, 'what was missed is asked for, look by look').toBeGreaterThanOrEqual(3);
  });

  test('is not promoted by its timer while Prometheus cannot be asked', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await using prometheus = await startPrometheus();
    await world.write({ phases, metric: asking(prometheus) });
    const parkedAt = await park(world);
    prometheus.valueAt = (at) => (at > parkedAt + 300 && at < parkedAt + 1200 ? 0.5 : 0);
    prometheus.isDown = true;
    await holdIsOver(parkedAt);
    const relpipe = world.relpipe('resume', '--json');
    await relpipe.printed('"verdict":"error"');
    await pause(1000);
    expect(world.wire.held).toEqual([25]);
    prometheus.isDown = false;
    const { code, stdout } = await relpipe.finished;
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 3, held: [25, 0] });
  });

  test('is judged by a fresh look where the past cannot be asked, and the gap is named', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 25, hold: '5s' }] });
    const parkedAt = await park(world);
    await until(() => Date.now() > parkedAt + 5000);
    const { code, stdout } = await world.ended('resume', '--json');
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 0, held: [25] });
    expect(stdout).toMatch(/"verdict":"pass","because":"[^"]*not watched from [^"]* to /);
  });

  test('is taken back by the fresh look when the version is bad by then', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases });
    const parkedAt = await park(world);
    world.candidate.isBroken = true;
    await holdIsOver(parkedAt);
    const { code, stdout } = await resumeDue(world);
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 3, held: [25, 0] });
  });

  test('is taken back by abort from another process', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases });
    await park(world);
    const { code, stdout, stderr } = await world.ended('abort', '--reason', 'it looks odd');
    expect({ code, held: world.wire.held }, stdout + stderr).toEqual({ code: 3, held: [25, 0] });
  });
});
