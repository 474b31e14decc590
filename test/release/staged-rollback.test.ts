import { type ReleaseFixture, test } from '@relpipe/testing/release/fixture';
import { until } from '@relpipe/testing/wait-until';
import { describe } from 'vitest';

const limit = { timeout: 60_000 };
const started = (step: string): string => `"type":"step-started","step":"release/canary/${step}"`;

async function breakAt(fixture: ReleaseFixture, weight: number): Promise<void> {
  await until(() => fixture.controlProxy.applied.includes(weight));
  fixture.candidate.isBroken = true;
}

describe.concurrent('a staged rollback', () => {
  test('skips the stages that are not below the current weight', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 25, hold: '20s' }], rollback: '{ ramp: [50%, 25%, 10%], hold: 200ms }' });
    const [{ code, stdout }] = await Promise.all([fixture.ended('run', '--json'), breakAt(fixture, 25)]);
    expect({ code, applied: fixture.controlProxy.applied, drops: fixture.load.drops }, stdout).toEqual({ code: 3, applied: [25, 10, 0], drops: [] });
    expect(stdout).not.toContain(started('rollback-staged/ramp-1-hold'));
  });

  test('becomes immediate after relpipe rollback --now', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 80, hold: '20s' }], rollback: '{ ramp: [50%, 25%], hold: 50s }' });
    const relpipe = fixture.relpipe('run', '--json');
    await breakAt(fixture, 80);
    await relpipe.printed(started('rollback-staged/ramp-1-hold'));
    await fixture.ended('rollback', '--now', '--reason', 'it is broken');
    const { code, stdout } = await relpipe.finished;
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 3, applied: [80, 50, 0] });
  });

  test('is replaced by an immediate rollback after a critical breach', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 80, hold: '20s' }], rollback: '{ ramp: [50%, 25%], hold: 50s }', threshold: '{ max: 1%, critical: 2% }' });
    const [{ code, stdout }] = await Promise.all([fixture.ended('run', '--json'), breakAt(fixture, 80)]);
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 3, applied: [80, 0] });
  });

  test('becomes immediate when a stage cannot be set', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 80, hold: '20s' }], rollback: '{ ramp: [50%], hold: 50s }' });
    fixture.controlProxy.onChange = (moment, candidate) => (moment === 'before' && candidate === 50 ? 'lose' : 'pass');
    const [{ code, stdout }] = await Promise.all([fixture.ended('run', '--json'), breakAt(fixture, 80)]);
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 3, applied: [80, 0] });
  });
});

describe.concurrent('another branch that is still running', () => {
  test('does not delay the rollback of traffic', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    const everyMs = 1000;
    const upload = `trap 'sleep 1.5; echo stopped > stopped; exit 1' TERM; echo started > started; for i in $(seq 400); do sleep 0.05; done`;
    await fixture.write({
      phases: [{ weight: 50, hold: '20s' }],
      every: `${everyMs}ms`,
      threshold: '{ max: 1%, critical: 2% }',
      more: `  publish:\n    steps:\n      - { id: upload, run: "${upload}", rollback: [{ id: withdraw, run: "echo withdrawn > withdrawn" }] }\n`,
    });
    const relpipe = fixture.relpipe('run', '--json');
    await fixture.folder.appears('started');
    await relpipe.printed(started('1-hold'));
    await breakAt(fixture, 50);
    await until(() => fixture.controlProxy.applied.includes(0));
    expect(fixture.folder.lines('stopped'), 'the other branch is still running').toEqual([]);
    const { code, stdout } = await relpipe.finished;
    expect({ code, applied: fixture.controlProxy.applied, stopped: fixture.folder.lines('stopped'), withdrawn: fixture.folder.lines('withdrawn') }, stdout).toEqual({
      code: 3,
      applied: [50, 0],
      stopped: ['stopped'],
      withdrawn: ['withdrawn'],
    });
    const restoredAt = fixture.controlProxy.changes.at(-1)?.at ?? Infinity;
    console.log(`from the first bad answer to weight 0: ${((restoredAt - (fixture.candidate.brokeAt ?? 0)) / everyMs).toFixed(2)} of the gate's interval`);
  });
});
