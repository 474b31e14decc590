import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

const held = pipeline(`
stages:
  one:
    steps:
      - { id: act, run: "true", rollback: [{ id: back, run: "echo back >> back" }] }
      - { id: soak, hold: 1h }
      - { id: next, run: "echo next >> next", rollback: none }
`);

const failing = pipeline(`
stages:
  one:
    on-failure: pause
    steps:
      - { id: act, run: "test -e mended", rollback: none }
      - { id: next, run: "echo next >> next", rollback: none }
`);

describe.concurrent('a person operates a run from another process', () => {
  test('pause of a parked run takes it over and ends with 6, continue and resume go on from there', async ({ folderWith, expect }) => {
    const folder = await folderWith(held);
    expect((await folder.relpipe('run', '--park-after', '0s')).code).toBe(75);
    const paused = await folder.relpipe('pause', '--reason', 'lunch');
    expect({ code: paused.code, stdout: paused.stdout }).toEqual({ code: 6, stdout: expect.stringContaining('paused by') as string });
    expect((await folder.relpipe('status')).stdout).toMatch(/paused[^]*lunch/);
    expect((await folder.relpipe('resume')).code, 'a schedule decides nothing').toBe(6);
    expect((await folder.relpipe('continue', '--reason', 'back')).code).toBe(0);
    expect((await folder.relpipe('resume', '--park-after', '0s')).code).toBe(75);
    expect(folder.lines('next')).toEqual([]);
  });

  test('pause of a run in progress is heard by its process', async ({ folderWith, expect }) => {
    const folder = await folderWith(held);
    const run = folder.start(['run', '--json', '--park-after', 'never']);
    await run.printed('"why":"hold"');
    expect((await folder.relpipe('pause', '--reason', 'lunch')).code).toBe(0);
    expect((await run.finished).code).toBe(6);
  });

  test('the gates of a paused run continue to watch: resume --due wakes it for a sample, and one that fails rolls it back', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
gates: { health: { every: 100ms, metrics: { errors: { run: "cat errors", unit: none, threshold: { critical: 5 }, no-data: fail } } } }
stages:
  one:
    steps:
      - { id: act, run: "true", rollback: [{ id: back, run: "echo back >> back" }] }
      - { id: soak, hold: 1h, gates: [health], wake-every: 200ms }
`),
    );
    writeFileSync(join(folder.path, 'errors'), '0');
    expect((await folder.relpipe('run', '--park-after', '0s')).code).toBe(75);
    expect((await folder.relpipe('pause', '--reason', 'lunch')).code).toBe(6);
    /** The code of the first call that finds the run due. */
    const whenDue = async (): Promise<number | null> => {
      const { code } = await folder.relpipe('resume', '--due');
      return code === 0 ? whenDue() : code;
    };
    expect(await whenDue()).toBe(6);
    writeFileSync(join(folder.path, 'errors'), '9');
    expect({ code: await whenDue(), back: folder.lines('back') }).toEqual({ code: 3, back: ['back'] });
  });

  test('stop leaves the changes in place and ends with 7, also after a pause, and names who and why', async ({ folderWith, expect }) => {
    const folder = await folderWith(held);
    await folder.relpipe('run', '--park-after', '0s');
    await folder.relpipe('pause', '--reason', 'lunch');
    const { code, stdout } = await folder.relpipe('stop', '--reason', 'good enough');
    expect({ code, back: folder.lines('back') }, stdout).toEqual({ code: 7, back: [] });
    expect(stdout).toMatch(/stopped with its changes left in place[^\n]*good enough/);
    expect((await folder.relpipe('pause', '--reason', 'late')).code, 'it is over').toBe(2);
  });

  test('continue STEP ends a hold early', async ({ folderWith, expect }) => {
    const folder = await folderWith(held);
    await folder.relpipe('run', '--park-after', '0s');
    expect((await folder.relpipe('continue', 'soak', '--reason', 'enough')).code).toBe(0);
    const { code, stdout } = await folder.relpipe('resume');
    expect({ code, next: folder.lines('next') }, stdout).toEqual({ code: 0, next: ['next'] });
    expect((await folder.relpipe('continue', 'soak', '--reason', 'enough')).code).toBe(2);
  });

  test('continue --accept leaves the failed step as it is, and the run succeeds in part', async ({ folderWith, expect }) => {
    const folder = await folderWith(failing);
    expect((await folder.relpipe('run')).code).toBe(6);
    const wrong = await folder.relpipe('continue', 'next', '--accept', '--reason', 'x');
    expect({ code: wrong.code, stderr: wrong.stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/REL_NOTHING_TO_CONTINUE[^]*possible: one\/act/) as string });
    expect((await folder.relpipe('continue', '--accept', '--reason', 'not needed')).code).toBe(0);
    const { code, stdout } = await folder.relpipe('resume');
    expect({ code, next: folder.lines('next') }, stdout).toEqual({ code: 5, next: ['next'] });
  });

  test('a paused run whose failed step is mended goes on with it', async ({ folderWith, expect }) => {
    const folder = await folderWith(failing);
    await folder.relpipe('run');
    writeFileSync(join(folder.path, 'mended'), '');
    await folder.relpipe('continue', '--reason', 'mended');
    expect((await folder.relpipe('resume')).code).toBe(0);
  });

  test('rollback of a paused run rolls everything back', async ({ folderWith, expect }) => {
    const folder = await folderWith(held);
    await folder.relpipe('run', '--park-after', '0s');
    await folder.relpipe('pause', '--reason', 'lunch');
    expect((await folder.relpipe('rollback', '--reason', 'bad')).code).toBe(3);
    expect(folder.lines('back')).toEqual(['back']);
  });
});
