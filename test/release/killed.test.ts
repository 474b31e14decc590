import { describe, type ExpectStatic } from 'vitest';
import { test } from './world/side-by-side.ts';
import type { Moment } from './world/wire.ts';
import { kill, until, type World } from './world/world.ts';

/** What the driver is killed at. */
type Death = { readonly change: number; readonly when: Moment } | { readonly prints: string };

const begun = (step: string): Death => ({ prints: `"type":"step-started","step":"release/canary/${step}"` });

/** Dies at a change of the weights, which is then lost, or holds and nobody was told; or at the moment it tells of something. */
async function die(world: World, command: 'run' | 'resume', death: Death): Promise<void> {
  const relpipe = world.relpipe(command, '--json');
  if ('prints' in death) {
    await relpipe.printed(death.prints);
    return kill(relpipe);
  }
  const { promise: isDead, resolve } = Promise.withResolvers<undefined>();
  world.wire.onChange = async (moment, candidate) => {
    if (moment !== death.when || candidate !== death.change) return 'pass';
    world.wire.onChange = () => 'pass';
    await kill(relpipe);
    resolve(undefined);
    return 'lose';
  };
  const { stdout } = await relpipe.finished;
  if (relpipe.child.signalCode !== 'SIGKILL') throw new Error(`It ended before ${JSON.stringify(death)}:\n${stdout}`);
  await isDead;
}

/** One run, killed at every one of these moments and then left alone. The router and its weights outlive each death. */
async function killedAt(world: World, deaths: readonly Death[], expect: ExpectStatic) {
  const { pid } = world.router;
  for (const [i, death] of deaths.entries()) {
    await die(world, i === 0 ? 'run' : 'resume', death);
    expect({ death, left: await world.router.candidate() }).toEqual({ death, left: world.wire.held.at(-1) ?? 0 });
  }
  const { code, stdout, stderr } = await world.ended('resume');
  const { weights, generation } = await world.router.read();
  expect({ pid: world.router.pid, generation }, 'nobody else has changed the weights').toEqual({ pid, generation: 1 + world.wire.held.length });
  expect(world.load.drops).toEqual([]);
  return { end: { code, candidate: weights.candidate, held: world.wire.held }, said: stdout + stderr };
}

async function breakAt(world: World, weight: number): Promise<void> {
  await until(() => world.wire.held.includes(weight));
  world.candidate.isBroken = true;
}

const limit = { timeout: 60_000 };

describe.concurrent('killed with -9 at every turn and resumed', () => {
  test('a good version is promoted as if nothing had been', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write();
    const deaths: Death[] = [
      { change: 25, when: 'before' },
      { change: 25, when: 'after' },
      begun('1-hold'),
      { change: 100, when: 'before' },
      begun('2-hold'),
      begun('verify'),
    ];
    const { end, said } = await killedAt(world, deaths, expect);
    expect(end, said).toEqual({ code: 0, candidate: 100, held: [25, 100] });
  });

  test('a bad version is taken back as if nothing had been', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 25, hold: '30s' }] });
    const deaths: Death[] = [{ prints: '"verdict":"warn"' }, { prints: '"verdict":"fail"' }, { change: 0, when: 'before' }];
    const [{ end, said }] = await Promise.all([killedAt(world, deaths, expect), breakAt(world, 25)]);
    expect(end, said).toEqual({ code: 3, candidate: 0, held: [25, 0] });
  });

  test('a bad version is taken back at once as if nothing had been', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 80, hold: '30s' }], rollback: '{ ramp: [50%], hold: 30s }', threshold: '{ max: 1%, critical: 2% }' });
    const [{ end, said }] = await Promise.all([killedAt(world, [{ change: 0, when: 'after' }], expect), breakAt(world, 80)]);
    expect(end, said).toEqual({ code: 3, candidate: 0, held: [80, 0] });
  });

  test('a bad version is taken back in stages as if nothing had been', limit, async ({ openWorld, expect }) => {
    const world = await openWorld();
    await world.write({ phases: [{ weight: 80, hold: '30s' }], rollback: '{ ramp: [50%, 25%], hold: 300ms }' });
    const deaths: Death[] = [
      { change: 50, when: 'before' },
      { change: 50, when: 'after' },
      begun('rollback-staged/ramp-1-hold'),
      { change: 25, when: 'before' },
      { change: 0, when: 'after' },
    ];
    const [{ end, said }] = await Promise.all([killedAt(world, deaths, expect), breakAt(world, 80)]);
    expect(end, said).toEqual({ code: 3, candidate: 0, held: [80, 50, 25, 0] });
  });
});
