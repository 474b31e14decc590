import { setTimeout as pause } from 'node:timers/promises';
import { type ReleaseFixture, test } from '@relpipe/testing/release/fixture';
import { type Prometheus, startPrometheus } from '@relpipe/testing/release/prometheus';
import { until } from '@relpipe/testing/wait-until';
import { describe } from 'vitest';

const limit = { timeout: 60_000 };
const holdMs = 2500;
const phases = [{ weight: 25, hold: `${holdMs}ms` }, { weight: 100, hold: `${holdMs}ms` }];
const asking = ({ url }: Prometheus): string =>
  `{ uses: prometheus.query, unit: ratio, with: { server: "${url}", query: 'errors[$window]' }, threshold: { max: 10% }, no-data: inconclusive }`;

/** Runs until it parks in the first hold. @returns when that was */
async function park(fixture: ReleaseFixture): Promise<number> {
  const { code, stdout, stderr } = await fixture.ended('run', '--json', '--park-after', '1s');
  if (code !== 75) throw new Error(`it ended with ${code}:\n${stdout}${stderr}`);
  return Date.now();
}

const resumeDue = (fixture: ReleaseFixture) => fixture.ended('resume', '--due', '--json', '--park-after', '1s');

const holdIsOver = (parkedAt: number) => until(() => Date.now() > parkedAt + holdMs);

describe.concurrent('a run that is parked during a hold', () => {
  test('is rolled back for a breach that started and ended while it was parked, when the metric can be queried for the past', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await using prometheus = await startPrometheus();
    await fixture.write({ phases, metric: asking(prometheus) });
    const parkedAt = await park(fixture);
    prometheus.valueAt = (at) => (at > parkedAt + 300 && at < parkedAt + 1200 ? 0.5 : 0);
    await holdIsOver(parkedAt);
    const { code, stdout } = await resumeDue(fixture);
    expect({ code, applied: fixture.controlProxy.applied, now: await fixture.router.candidate() }, stdout).toEqual({ code: 3, applied: [25, 0], now: 0 });
    expect(stdout).toContain('is 50 %, above max 10 %');
  });

  test('continues when there was no breach, and parks again during the next hold', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await using prometheus = await startPrometheus();
    await fixture.write({ phases, metric: asking(prometheus) });
    const parkedAt = await park(fixture);
    const tooEarly = await resumeDue(fixture);
    expect({ code: tooEarly.code, applied: fixture.controlProxy.applied }, 'nothing is due yet').toEqual({ code: 0, applied: [25] });
    await holdIsOver(parkedAt);
    const second = await resumeDue(fixture);
    expect({ code: second.code, applied: fixture.controlProxy.applied }, second.stdout).toEqual({ code: 75, applied: [25, 100] });
    await holdIsOver(Date.now());
    const { code, stdout } = await resumeDue(fixture);
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 0, applied: [25, 100] });
    const seen = prometheus.asked.filter((at) => at > parkedAt && at < parkedAt + 1000);
    expect(new Set(seen).size, 'the missed samples are queried one by one').toBeGreaterThanOrEqual(3);
  });

  test('is not promoted while Prometheus cannot be queried, although its hold is over', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await using prometheus = await startPrometheus();
    await fixture.write({ phases, metric: asking(prometheus) });
    const parkedAt = await park(fixture);
    prometheus.valueAt = (at) => (at > parkedAt + 300 && at < parkedAt + 1200 ? 0.5 : 0);
    prometheus.isDown = true;
    await holdIsOver(parkedAt);
    const relpipe = fixture.relpipe('resume', '--json');
    await relpipe.printed('"verdict":"error"');
    await pause(1000);
    expect(fixture.controlProxy.applied).toEqual([25]);
    prometheus.isDown = false;
    const { code, stdout } = await relpipe.finished;
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 3, applied: [25, 0] });
  });

  test('is judged by a new sample when the metric cannot be queried for the past, and reports the gap', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 25, hold: '5s' }] });
    const parkedAt = await park(fixture);
    await until(() => Date.now() > parkedAt + 5000);
    const { code, stdout } = await fixture.ended('resume', '--json');
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 0, applied: [25] });
    expect(stdout).toMatch(/"verdict":"pass","because":"[^"]*not watched from [^"]* to /);
  });

  test('is rolled back by a new sample when the version is bad by then', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    // Two breaches that share no data would take longer than the time after which it parks again.
    await fixture.write({ phases, threshold: '{ max: 10%, critical: 40% }' });
    const parkedAt = await park(fixture);
    fixture.candidate.isBroken = true;
    await holdIsOver(parkedAt);
    const { code, stdout } = await resumeDue(fixture);
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 3, applied: [25, 0] });
  });

  test('is rolled back by relpipe rollback', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases });
    await park(fixture);
    const { code, stdout, stderr } = await fixture.ended('rollback', '--reason', 'suspicious');
    expect({ code, applied: fixture.controlProxy.applied }, stdout + stderr).toEqual({ code: 3, applied: [25, 0] });
  });
});
