import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ReleaseFixture, test } from '@relpipe/testing/release/fixture';
import { shiftTo } from '@relpipe/testing/release/pipeline';
import { until } from '@relpipe/testing/wait-until';
import { describe } from 'vitest';

const limit = { timeout: 60_000 };

async function runAndBreak(fixture: ReleaseFixture) {
  const relpipe = fixture.relpipe('run', '--json');
  await until(() => fixture.controlProxy.applied.includes(25));
  fixture.candidate.isBroken = true;
  return relpipe.finished;
}

describe.concurrent('when a gate is breached', () => {
  test('with pause, the run keeps its weights, and continues with the next phase after relpipe continue', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ gates: '{ health: pause }', phases: [{ weight: 25, hold: '5s' }, { weight: 100, hold: '1s' }] });
    const paused = await runAndBreak(fixture);
    expect({ code: paused.code, applied: fixture.controlProxy.applied }, paused.stdout).toEqual({ code: 6, applied: [25] });
    fixture.candidate.isBroken = false;
    await fixture.ended('continue', '--reason', 'it was a hiccup');
    const { code, stdout } = await fixture.ended('resume', '--json');
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 0, applied: [25, 100] });
  });

  test('with pause, relpipe rollback gives all traffic back to the stable version', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ gates: '{ health: pause }', phases: [{ weight: 25, hold: '5s' }] });
    expect((await runAndBreak(fixture)).code).toBe(6);
    const { code, stdout, stderr } = await fixture.ended('rollback', '--reason', 'it was no hiccup');
    expect({ code, applied: fixture.controlProxy.applied }, stdout + stderr).toEqual({ code: 3, applied: [25, 0] });
  });

  test('with continue, the run goes on and ends as a partial success', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ gates: '{ health: continue }' });
    const { code, stdout } = await runAndBreak(fixture);
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 5, applied: [25, 100] });
  });
});

describe.concurrent('when a gate has no value at the end of a hold', () => {
  const withoutValue = (atEnd: string) => ({
    metric: '{ run: "echo nan", unit: count, threshold: { max: 10 }, no-data: inconclusive }',
    steps: [shiftTo('first', 25), `{ id: wait-there, hold: 700ms, gates: [health], at-end: ${atEnd} }`, shiftTo('second', 100)],
  });

  test('at-end: pause pauses the run, and relpipe rollback gives all traffic back to the stable version', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write(withoutValue('pause'));
    const paused = await fixture.ended('run', '--json');
    expect({ code: paused.code, applied: fixture.controlProxy.applied }, paused.stdout).toEqual({ code: 6, applied: [25] });
    const { code, stdout, stderr } = await fixture.ended('rollback', '--reason', 'enough');
    expect({ code, applied: fixture.controlProxy.applied }, stdout + stderr).toEqual({ code: 3, applied: [25, 0] });
  });

  test('at-end: fail rolls the run back', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write(withoutValue('fail'));
    const { code, stdout } = await fixture.ended('run', '--json');
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 3, applied: [25, 0] });
  });

  test('at-end: wait waits until the gate has a value', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ ...withoutValue('wait'), metric: '{ run: "if test -e well; then echo 1; else echo nan; fi", unit: count, threshold: { max: 10 }, no-data: inconclusive }' });
    const relpipe = fixture.relpipe('run', '--json');
    await relpipe.printed('"why":"gates-after-hold"');
    expect(fixture.controlProxy.applied).toEqual([25]);
    await writeFile(join(fixture.folder.path, 'well'), 'yes');
    const { code, stdout } = await relpipe.finished;
    expect({ code, applied: fixture.controlProxy.applied }, stdout).toEqual({ code: 0, applied: [25, 100] });
  });
});
