import { type ReleaseFixture, test } from '@relpipe/testing/release/fixture';
import { errorsOf, type Release } from '@relpipe/testing/release/pipeline';
import { honestMetrics, type Metrics } from '@relpipe/testing/release/service';
import type { Finished, Started } from '@relpipe/testing/relpipe-folder';
import { until } from '@relpipe/testing/wait-until';
import { describe } from 'vitest';

const limit = { timeout: 60_000 };
const nan: Metrics = (response) => honestMetrics(response, '# TYPE http_requests_total counter\nhttp_requests_total{code="200"} NaN\nhttp_requests_total{code="500"} NaN\n');
const constant: Metrics = (response) => honestMetrics(response, '# TYPE http_requests_total counter\nhttp_requests_total{code="200"} 7\nhttp_requests_total{code="500"} 0\n');
const empty: Metrics = (response) => honestMetrics(response, '');
const garbage: Metrics = (response) => response.setHeader('content-type', 'text/plain').end('<html>It works!</html>\n{{{');
const failing: Metrics = (response) => response.writeHead(500).end('no metrics today');
const slow: Metrics = (response) => void setTimeout(() => honestMetrics(response, 'http_requests_total{code="200"} 1\n'), 5000).unref();
const dead: Metrics = (response) => response.destroy();

/** Gives the candidate these metrics from the first weight on. Resolves when the time of the hold is over and the hold has not ended. */
async function runPastHold(fixture: ReleaseFixture, release: Release, metrics: Metrics): Promise<Started> {
  await fixture.write(release);
  fixture.controlProxy.onChange = (moment, candidate) => {
    if (moment === 'after' && candidate === 25) fixture.candidate.metrics = metrics;
    return 'pass';
  };
  const relpipe = fixture.relpipe('run', '--json');
  await relpipe.printed('"why":"gates-after-hold"');
  return relpipe;
}

async function rollback(fixture: ReleaseFixture, { finished }: Started): Promise<Finished> {
  await fixture.ended('rollback', '--reason', 'its state is unknown');
  return finished;
}

describe.concurrent('a hold whose time is over does not end', () => {
  test('while the metrics are constant, empty, malformed, refused, NaN, unreachable or slow', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    const failures: [Metrics, RegExp][] = [
      [constant, /did not increase/],
      [empty, /has no metric named http_requests_total/],
      [garbage, /PROMETHEUS_NOT_METRICS/],
      [failing, /returned 500/],
      [nan, /NaN/],
      [dead, /PROMETHEUS_UNREACHABLE/],
      [slow, /did not answer/],
    ];
    const relpipe = await runPastHold(fixture, {}, constant);
    for (const [metrics] of failures) {
      fixture.candidate.metrics = metrics;
      const { scrapes } = fixture.candidate;
      // Longer than the window, so that earlier samples do not count.
      await until(() => fixture.candidate.scrapes >= scrapes + (metrics === empty ? 8 : 3));
      expect(await fixture.router.candidate()).toBe(25);
    }
    const { code, stdout } = await rollback(fixture, relpipe);
    expect({ code, applied: fixture.controlProxy.applied, now: await fixture.router.candidate() }, stdout).toEqual({ code: 3, applied: [25, 0], now: 0 });
    for (const [, words] of failures) expect(stdout).toMatch(words);
  });

  test('while one of two targets cannot be read', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    const metric = `{ uses: prometheus.scrape, unit: ratio, with: ${errorsOf(`targets: ["${fixture.candidate.url}", "${fixture.stable.url}"]`)}, threshold: { max: 10% }, no-data: inconclusive }`;
    fixture.stable.metrics = dead;
    const relpipe = await runPastHold(fixture, { metric }, honestMetrics);
    const { scrapes } = fixture.candidate;
    await until(() => fixture.candidate.scrapes >= scrapes + 3);
    const { code, stdout } = await rollback(fixture, relpipe);
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 3, applied: [25, 0] });
    expect(stdout).toContain(`Could not read ${fixture.stable.url}`);
  });

  test('while its gate warns', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    const metric = '{ run: "echo sample >> samples; echo 7", unit: count, threshold: { warn: 5, max: 10 }, no-data: fail }';
    const relpipe = await runPastHold(fixture, { metric }, honestMetrics);
    const samples = fixture.folder.lines('samples').length;
    await until(() => fixture.folder.lines('samples').length >= samples + 3);
    const { code, stdout } = await rollback(fixture, relpipe);
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 3, applied: [25, 0] });
  });
});

describe.concurrent('counters that restart at zero', () => {
  /** Resets the counters again and again during a run. */
  async function withRestarts<T>(fixture: ReleaseFixture, run: Promise<T>): Promise<T> {
    const timer = setInterval(() => fixture.candidate.resetCounters(), 350);
    return run.finally(() => clearInterval(timer));
  }

  test('do not count as errors, so that a good version is promoted', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write();
    const { code, stdout } = await withRestarts(fixture, fixture.ended('run', '--json'));
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 0, applied: [25, 100] });
  });

  test('do not hide errors, so that a bad version is rolled back', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 25, hold: '20s' }] });
    const relpipe = fixture.relpipe('run', '--json');
    await until(() => fixture.controlProxy.applied.includes(25));
    fixture.candidate.isBroken = true;
    const { code, stdout } = await withRestarts(fixture, relpipe.finished);
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 3, applied: [25, 0] });
  });
});
