import { describe } from 'vitest';
import type { Finished, Started } from '../../packages/engine/test/cli/relpipe-in-a-folder.ts';
import { errorsOf, type Release } from './world/pipeline.ts';
import { honestMetrics, type Metrics } from './world/service.ts';
import { test } from './world/side-by-side.ts';
import { until, type World } from './world/world.ts';

const limit = { timeout: 60_000 };
const nan: Metrics = (response) => honestMetrics(response, '# TYPE http_requests_total counter\nhttp_requests_total{code="200"} NaN\nhttp_requests_total{code="500"} NaN\n');
const standing: Metrics = (response) => honestMetrics(response, '# TYPE http_requests_total counter\nhttp_requests_total{code="200"} 7\nhttp_requests_total{code="500"} 0\n');
const empty: Metrics = (response) => honestMetrics(response, '');
const garbage: Metrics = (response) => response.setHeader('content-type', 'text/plain').end('<html>It works!</html>\n{{{');
const failing: Metrics = (response) => response.writeHead(500).end('no metrics today');
const slow: Metrics = (response) => void setTimeout(() => honestMetrics(response, 'http_requests_total{code="200"} 1\n'), 5000).unref();
const dead: Metrics = (response) => response.destroy();

/** From the first weight on, its metrics are like this. Resolves when the hold's time is over and it has not ended. */
async function intoTheHold(world: World, release: Release, metrics: Metrics): Promise<Started> {
  await world.write(release);
  world.wire.onChange = (moment, candidate) => {
    if (moment === 'after' && candidate === 25) world.candidate.metrics = metrics;
    return 'pass';
  };
  const relpipe = world.relpipe('run', '--json');
  await relpipe.printed('"why":"gates-after-hold"');
  return relpipe;
}

async function takenBack(world: World, { finished }: Started): Promise<Finished> {
  await world.ended('abort', '--reason', 'nobody knows how it is');
  return finished;
}

describe.concurrent('a hold does not end when', () => {
  test('the metrics are slow, dead, garbage, refused, empty, NaN or stand still, whichever comes after the other', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    const troubles: [Metrics, RegExp][] = [
      [standing, /did not increase/],
      [empty, /has no metric named http_requests_total/],
      [garbage, /PROMETHEUS_NOT_METRICS/],
      [failing, /returned 500/],
      [nan, /NaN/],
      [dead, /PROMETHEUS_UNREACHABLE/],
      [slow, /did not answer/],
    ];
    const relpipe = await intoTheHold(world, {}, standing);
    for (const [metrics] of troubles) {
      world.candidate.metrics = metrics;
      const { looks } = world.candidate;
      // Longer than the window: what was seen before it is forgotten.
      await until(() => world.candidate.looks >= looks + (metrics === empty ? 8 : 3));
      expect(await world.router.candidate()).toBe(25);
    }
    const { code, stdout } = await takenBack(world, relpipe);
    expect({ code, held: world.wire.held, now: await world.router.candidate() }, stdout).toEqual({ code: 3, held: [25, 0], now: 0 });
    for (const [, words] of troubles) expect(stdout).toMatch(words);
  });

  test('one of two targets is missing', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    const metric = `{ uses: prometheus.scrape, unit: ratio, with: ${errorsOf(`targets: ["${world.candidate.url}", "${world.stable.url}"]`)}, threshold: { max: 10% }, no-data: inconclusive }`;
    world.stable.metrics = dead;
    const relpipe = await intoTheHold(world, { metric }, honestMetrics);
    const { looks } = world.candidate;
    await until(() => world.candidate.looks >= looks + 3);
    const { code, stdout } = await takenBack(world, relpipe);
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 3, held: [25, 0] });
    expect(stdout).toContain(`Could not read ${world.stable.url}`);
  });

  test('it has warned at its end', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    const metric = '{ run: "echo look >> looks; echo 7", unit: count, threshold: { warn: 5, max: 10 }, no-data: fail }';
    const relpipe = await intoTheHold(world, { metric }, honestMetrics);
    const looks = world.folder.lines('looks').length;
    await until(() => world.folder.lines('looks').length >= looks + 3);
    const { code, stdout } = await takenBack(world, relpipe);
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 3, held: [25, 0] });
  });
});

describe.concurrent('counters that begin again', () => {
  /** Every now and then while the run goes on. */
  async function restarting<T>(world: World, run: Promise<T>): Promise<T> {
    const timer = setInterval(() => world.candidate.forget(), 350);
    return run.finally(() => clearInterval(timer));
  }

  test('are no errors: a good version is promoted', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write();
    const { code, stdout } = await restarting(world, world.ended('run', '--json'));
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 0, held: [25, 100] });
  });

  test('hide no errors: a bad version is taken back', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 25, hold: '20s' }] });
    const relpipe = world.relpipe('run', '--json');
    await until(() => world.wire.held.includes(25));
    world.candidate.isBroken = true;
    const { code, stdout } = await restarting(world, relpipe.finished);
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 3, held: [25, 0] });
  });
});
