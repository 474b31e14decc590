import { setTimeout as pause } from 'node:timers/promises';
import { describe } from 'vitest';
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

/** From the first weight on, its metrics are like this. */
async function held(world: World, release: Release, metrics: Metrics) {
  await world.write({ phases: [{ weight: 25, hold: '1s' }, { weight: 100, hold: '1s' }], ...release });
  world.wire.onChange = (moment, candidate) => {
    if (moment === 'after' && candidate === 25) world.candidate.metrics = metrics;
    return 'pass';
  };
  const relpipe = world.relpipe('run', '--json');
  await relpipe.printed('"why":"gates-after-hold"');
  await pause(1500);
  const weight = await world.router.candidate();
  await world.ended('abort', '--reason', 'nobody knows how it is');
  return { weight, relpipe: await relpipe.finished };
}

describe.concurrent('a hold does not end when', () => {
  test.for([
    ['cannot be read in time', slow, /did not answer/],
    ['cannot be reached', dead, /PROMETHEUS_UNREACHABLE/],
    ['are no metrics', garbage, /PROMETHEUS_NOT_METRICS/],
    ['answer 500', failing, /answered 500/],
    ['are empty', empty, /has no metric named http_requests_total/],
    ['show NaN', nan, /NaN/],
    ['stand still, because nothing comes', standing, /did not grow/],
  ] as const)('the metrics %s, and abort takes the traffic back', limit, async ([, metrics, words], { openWorld, expect }) => {
    const world = await openWorld(60);
    const { weight, relpipe } = await held(world, {}, metrics);
    expect({ weight, code: relpipe.code, held: world.wire.held, now: await world.router.candidate() }, relpipe.stdout).toEqual({ weight: 25, code: 3, held: [25, 0], now: 0 });
    expect(relpipe.stdout).toMatch(words);
  });

  test('one of two targets is missing', limit, async ({ openWorld, expect }) => {
    const world = await openWorld(60);
    const metric = `{ uses: prometheus.scrape, unit: ratio, with: ${errorsOf(`targets: ["${world.candidate.url}", "${world.stable.url}"]`)}, threshold: { max: 10% }, no-data: inconclusive }`;
    world.stable.metrics = dead;
    const { weight, relpipe } = await held(world, { metric }, honestMetrics);
    expect({ weight, code: relpipe.code, held: world.wire.held }, relpipe.stdout).toEqual({ weight: 25, code: 3, held: [25, 0] });
    expect(relpipe.stdout).toContain(world.stable.url);
  });

  test('it has warned at its end', limit, async ({ openWorld, expect }) => {
    const world = await openWorld(60);
    const { weight, relpipe } = await held(world, { metric: '{ run: "echo 7", unit: count, threshold: { warn: 5, max: 10 }, no-data: fail }' }, honestMetrics);
    expect({ weight, code: relpipe.code, held: world.wire.held }, relpipe.stdout).toEqual({ weight: 25, code: 3, held: [25, 0] });
  });
});

describe.concurrent('counters that begin again', () => {
  const restarting = (world: World) => {
    const timer = setInterval(() => world.candidate.forget(), 350);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  };

  test('are no errors: a good version is promoted', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write();
    using _ = restarting(world);
    const { code, stdout } = await world.ended('run', '--json');
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 0, held: [25, 100] });
  });

  test('hide no errors: a bad version is taken back', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 25, hold: '20s' }] });
    using _ = restarting(world);
    const relpipe = world.relpipe('run', '--json');
    await until(() => world.wire.held.includes(25));
    world.candidate.isBroken = true;
    const { code, stdout } = await relpipe.finished;
    expect({ code, held: world.wire.held }, stdout).toEqual({ code: 3, held: [25, 0] });
  });
});
