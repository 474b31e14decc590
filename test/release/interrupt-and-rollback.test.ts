import { kill, test } from '@relpipe/testing/release/fixture';
import { describe } from 'vitest';

const limit = { timeout: 60_000 };
const inTheHold = '"type":"step-started","step":"release/canary/1-hold"';
const longHold = { phases: [{ weight: 25, hold: '20s' }] };

describe.concurrent('a signal during a hold', () => {
  test.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the process with %i within five seconds, and the run can be resumed', limit, async ([signal, wanted], { openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 25, hold: '3s' }] });
    const relpipe = fixture.relpipe('run', '--json');
    await relpipe.printed(inTheHold);
    const askedAt = performance.now();
    relpipe.child.kill(signal);
    const { code } = await relpipe.finished;
    expect({ code, isInTime: performance.now() - askedAt < 5000, left: await fixture.router.candidate() }).toEqual({ code: wanted, isInTime: true, left: 25 });
    expect((await fixture.ended('resume')).code).toBe(0);
    expect({ applied: fixture.controlProxy.applied, drops: fixture.load.drops }).toEqual({ applied: [25], drops: [] });
  });
});

describe.concurrent('relpipe rollback gives all traffic back to the stable version', () => {
  test('while another process executes the run', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write(longHold);
    const relpipe = fixture.relpipe('run', '--json');
    await relpipe.printed(inTheHold);
    await fixture.ended('rollback', '--reason', 'suspicious');
    const { code, stdout } = await relpipe.finished;
    expect({ code, applied: fixture.controlProxy.applied, drops: fixture.load.drops }, stdout).toEqual({ code: 3, applied: [25, 0], drops: [] });
    expect(stdout).toContain('suspicious');
  });

  test('by itself when no process executes the run any more', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write(longHold);
    const relpipe = fixture.relpipe('run', '--json');
    await relpipe.printed(inTheHold);
    await kill(relpipe);
    const { code, stdout, stderr } = await fixture.ended('rollback', '--reason', 'suspicious');
    expect({ code, applied: fixture.controlProxy.applied }, stdout + stderr).toEqual({ code: 3, applied: [25, 0] });
  });

  test('while the router has not answered a shift yet', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write(longHold);
    const { promise: isChanged, resolve: setChanged } = Promise.withResolvers<undefined>();
    const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<'lose'>();
    fixture.controlProxy.onChange = (moment, candidate) => {
      if (moment !== 'after' || candidate !== 25) return 'pass';
      setChanged(undefined);
      return mayAnswer;
    };
    const relpipe = fixture.relpipe('run', '--json');
    await isChanged;
    await fixture.ended('rollback', '--reason', 'suspicious');
    const { code, stdout } = await relpipe.finished;
    answer('lose');
    expect({ code, applied: fixture.controlProxy.applied, now: await fixture.router.candidate() }, stdout).toEqual({ code: 3, applied: [25, 0], now: 0 });
  });
});
