import { test } from '@relpipe/testing/release/fixture';
import { errorsOf } from '@relpipe/testing/release/pipeline';
import { describe } from 'vitest';

const limit = { timeout: 60_000 };

/** Each was a fault of relpipe; the answer is a key or a limit that the file of the case did not have. */
describe.concurrent('the gates of a canary', () => {
  test('limit-against-stable-at-100: a limit against stable ends where stable has no traffic, and an absolute one stays', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    const against = (threshold: string): string =>
      `{ uses: prometheus.scrape, unit: ratio, with: ${errorsOf(`target: "${fixture.candidate.url}/metrics"`)}, baseline: { target: "${fixture.stable.url}/metrics" }, threshold: ${threshold}, no-data: inconclusive }`;
    const phases = [{ weight: 100, hold: '1s' }];

    await fixture.write({ phases, metric: against('{ max: 1pp }') });
    const refused = await fixture.ended('run');
    expect(refused.code, refused.stdout).toBe(2);
    expect(refused.stdout + refused.stderr).toContain('REL_NO_LIMIT_LEFT');

    await fixture.write({ phases, metric: against('{ max: 1pp, critical: 40% }') });
    const { code, stdout } = await fixture.ended('run', '--json');
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 0, applied: [100] });
  });

  test('canary-rises-while-gate-warns: with `wait-for`, no traffic is raised while a gate warns', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    const metric = '{ run: "echo 1", unit: count, threshold: { warn: 0 }, no-data: inconclusive }';
    await fixture.write({ metric, waitFor: 'health' });
    const { code, stdout } = await fixture.ended('run', '--json', '--park-after', '1s');
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 75, applied: [] });
    expect(stdout).toContain('"verdict":"warn"');
  });
});
