import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type ReleaseFixture } from '@relpipe/testing/release/fixture';
import { describe } from 'vitest';

const limit = { timeout: 60_000 };
const park = ['--park-after', '0s'] as const;

const sides = 'router: { embedded: { state: router.json } }, stable: stable, candidate: candidate';
const shift = (id: string, weight: string, more = '') => `{ id: ${id}, uses: traffic.shift, ${more}with: { ${sides}, weight: ${weight} } }`;
const ask = '{ id: go, approval: "Go on?", when: inputs.ask }';

/** Several open runs are allowed, so that one can meet what the other has left. */
const write = ({ folder }: ReleaseFixture, steps: readonly string[]) =>
  writeFile(
    join(folder.path, 'release.pipeline.yaml'),
    `relpipe: 1
name: release
concurrency: none
plugins: { "@relpipe/plugin-traffic": "*" }
inputs: { ask: { type: boolean, default: true } }
stages:
  release:
    steps:
${steps.map((step) => `      - ${step}`).join('\n')}
`,
  );

const runIn = (stdout: string): string => /\d{8}-\d{4}-[a-z0-9]{4}/.exec(stdout)?.[0] ?? 'no run id was printed';

describe.concurrent('what somebody else has set since stays', () => {
  test.for([
    ['traffic.shift', [shift('shift', '5%'), ask]],
    ['traffic.canary', [`{ id: canary, uses: traffic.canary, with: { ${sides}, phases: [{ weight: 5%, hold: 100ms }] } }`, ask]],
  ] as const)('drift-overwritten-on-rollback: %s is not rolled back over the weights of somebody else', limit, async ([, steps], { openFixture, expect }) => {
    const fixture = await openFixture();
    await write(fixture, steps);
    const parked = await fixture.ended('run', ...park);
    expect(parked, parked.stdout + parked.stderr).toMatchObject({ code: 75 });
    await fixture.router.set(100);
    const { code, stdout } = await fixture.ended('rollback', '--reason', 'stale');
    expect({ code, now: await fixture.router.candidate() }, stdout).toEqual({ code: 75, now: 100 });
    expect(stdout).toMatch(/TRAFFIC_DRIFT: .*expected stable 95%, candidate 5%, found stable 0%, candidate 100%/);
  });

  test('stale-run-takes-down-finished-release: an older run is not rolled back over a newer one that has succeeded', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await write(fixture, [shift('first', '5%'), ask, shift('all', '100%')]);
    const older = runIn((await fixture.ended('run', ...park)).stdout);
    expect((await fixture.ended('run', '-i', 'ask=false')).code).toBe(0);
    const { code, stdout } = await fixture.ended('rollback', older, '--reason', 'stale');
    expect({ code, now: await fixture.router.candidate() }, stdout).toEqual({ code: 75, now: 100 });
    expect((await fixture.ended('resolve', older, '--rolled-back', '--as', 'ann')).code).toBe(0);
    expect((await fixture.ended('resume', older)).code).toBe(3);
    expect(await fixture.router.candidate()).toBe(100);
  });

  test('stale-run-lowers-finished-release: the next shift of an older run does not lower what a newer one has set', limit, async ({ openFixture, expect }) => {
    const fixture = await openFixture();
    await write(fixture, [shift('first', '5%'), ask, shift('second', '25%'), shift('all', '100%', 'when: "!inputs.ask", ')]);
    const older = runIn((await fixture.ended('run', ...park)).stdout);
    expect((await fixture.ended('run', '-i', 'ask=false')).code).toBe(0);
    await fixture.ended('approve', older);
    const { code, stdout } = await fixture.ended('resume', older, ...park);
    expect({ code, now: await fixture.router.candidate() }, stdout).toEqual({ code: 75, now: 100 });
    expect(stdout).toMatch(/second .*TRAFFIC_DRIFT/);
  });
});
