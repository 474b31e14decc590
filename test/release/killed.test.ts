import type { Moment } from '@relpipe/testing/release/control-proxy';
import { kill, type ReleaseFixture, test } from '@relpipe/testing/release/fixture';
import { until } from '@relpipe/testing/wait-until';
import { describe, type ExpectStatic } from 'vitest';

/** The moment at which relpipe is killed. */
type Death = { readonly change: number; readonly when: Moment } | { readonly prints: string };

const started = (step: string): Death => ({ prints: `"type":"step-started","step":"release/canary/${step}"` });

/** Kills relpipe at a change of the weights, before or after the router applies it, or as soon as it prints a text. */
async function die(fixture: ReleaseFixture, command: 'run' | 'resume', death: Death): Promise<void> {
  const relpipe = fixture.relpipe(command, '--json');
  if ('prints' in death) {
    await relpipe.printed(death.prints);
    return kill(relpipe);
  }
  const { promise: isDead, resolve } = Promise.withResolvers<undefined>();
  fixture.controlProxy.onChange = async (moment, candidate) => {
    if (moment !== death.when || candidate !== death.change) return 'pass';
    fixture.controlProxy.onChange = () => 'pass';
    await kill(relpipe);
    resolve(undefined);
    return 'lose';
  };
  const { stdout } = await relpipe.finished;
  if (relpipe.child.signalCode !== 'SIGKILL') throw new Error(`It ended before ${JSON.stringify(death)}:\n${stdout}`);
  await isDead;
}

/** One run that is killed at each of these moments and resumed. The router and its weights survive each of them. */
async function killedAt(fixture: ReleaseFixture, deaths: readonly Death[], expect: ExpectStatic) {
  const { pid } = fixture.router;
  for (const [i, death] of deaths.entries()) {
    await die(fixture, i === 0 ? 'run' : 'resume', death);
    expect({ death, left: await fixture.router.candidate() }).toEqual({ death, left: fixture.controlProxy.applied.at(-1) ?? 0 });
  }
  const { code, stdout, stderr } = await fixture.ended('resume');
  const { weights, generation } = await fixture.router.read();
  expect({ pid: fixture.router.pid, generation }, 'only relpipe has changed the weights').toEqual({ pid, generation: 1 + fixture.controlProxy.applied.length });
  expect(fixture.load.drops).toEqual([]);
  return { end: { code, candidate: weights.candidate, applied: fixture.controlProxy.applied }, printed: stdout + stderr };
}

async function breakAt(fixture: ReleaseFixture, weight: number): Promise<void> {
  await until(() => fixture.controlProxy.applied.includes(weight));
  fixture.candidate.isBroken = true;
}

const limit = { timeout: 60_000 };

describe.concurrent('a run that is killed with SIGKILL at many moments and resumed', () => {
  test('promotes a good version', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write();
    const deaths: Death[] = [
      { change: 25, when: 'before' },
      { change: 25, when: 'after' },
      started('1-hold'),
      { change: 100, when: 'before' },
      started('2-hold'),
      started('verify'),
    ];
    const { end, printed } = await killedAt(fixture, deaths, expect);
    expect(end, printed).toEqual({ code: 0, candidate: 100, applied: [25, 100] });
  });

  test('rolls a bad version back', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 25, hold: '30s' }] });
    const deaths: Death[] = [{ prints: '"verdict":"warn"' }, { prints: '"verdict":"fail"' }, { change: 0, when: 'before' }];
    const [{ end, printed }] = await Promise.all([killedAt(fixture, deaths, expect), breakAt(fixture, 25)]);
    expect(end, printed).toEqual({ code: 3, candidate: 0, applied: [25, 0] });
  });

  test('rolls a bad version back at once after a critical breach', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 80, hold: '30s' }], rollback: '{ ramp: [50%], hold: 30s }', threshold: '{ max: 1%, critical: 2% }' });
    const [{ end, printed }] = await Promise.all([killedAt(fixture, [{ change: 0, when: 'after' }], expect), breakAt(fixture, 80)]);
    expect(end, printed).toEqual({ code: 3, candidate: 0, applied: [80, 0] });
  });

  test('rolls a bad version back in stages', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await fixture.write({ phases: [{ weight: 80, hold: '30s' }], rollback: '{ ramp: [50%, 25%], hold: 300ms }' });
    const deaths: Death[] = [
      { change: 50, when: 'before' },
      { change: 50, when: 'after' },
      started('rollback-staged/ramp-1-hold'),
      { change: 25, when: 'before' },
      { change: 0, when: 'after' },
    ];
    const [{ end, printed }] = await Promise.all([killedAt(fixture, deaths, expect), breakAt(fixture, 80)]);
    expect(end, printed).toEqual({ code: 3, candidate: 0, applied: [80, 50, 25, 0] });
  });
});
