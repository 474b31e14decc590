import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { endsIn, pipeline, test } from './side-by-side.ts';

const failing = (onFailure: string, { stage = '', run = '' } = {}) =>
  pipeline(`
${run}
stages:
  one:
    ${stage}
    steps:
      - { id: act, run: "true", rollback: [{ id: undo, run: "echo undone > undone" }] }
      - { id: boom, run: "test -e mended"${onFailure} }
      - { id: next, run: "echo next > next" }
  two:
    needs: [one]
    steps: [{ id: later, run: "echo later > later" }]
`);

describe.concurrent('on-failure', () => {
  test.for([
    ['rollback, the default', '', {}, 3, ['undone']],
    ['rollback of the step, which is nearer than continue of the stage', ', on-failure: rollback', { stage: 'on-failure: continue' }, 3, ['undone']],
    ['stop', ', on-failure: stop', {}, 7, []],
    ['stop of the stage', '', { stage: 'on-failure: stop' }, 7, []],
    ['stop of the run', '', { run: 'on-failure: stop' }, 7, []],
    ['pause', ', on-failure: pause', {}, 6, []],
    ['pause of the run', '', { run: 'on-failure: pause' }, 6, []],
    ['continue', ', on-failure: continue', {}, 5, ['next', 'later']],
    ['continue of the run', '', { run: 'on-failure: continue' }, 5, ['next', 'later']],
  ] as const)('on-failure: %s leaves the changes and the exit code that belong to it', async ([, step, around, code, there], { folderWith, expect }) => {
    const folder = await folderWith(failing(step, around));
    const { stdout, ...ended } = await folder.relpipe('run');
    expect({ code: ended.code, there: ['undone', 'next', 'later'].filter((file) => folder.lines(file).length > 0) }, stdout).toEqual({ code, there });
  });

  test('on-failure: stop lets running steps end', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    parallel: true
    steps:
      - { id: slow, run: "echo began > began; until test -e go; do sleep 0.02; done; echo done > done", rollback: [{ id: u, run: touch u }] }
      - { id: boom, run: "until test -e began; do sleep 0.02; done; exit 1", on-failure: stop }
  two: { needs: [one], steps: [{ id: never, run: "echo never > never" }] }
`),
    );
    const run = folder.start(['run', '--json']);
    await run.printed('"to":"stopping"');
    writeFileSync(join(folder.path, 'go'), '');
    const { code, stdout } = await run.finished;
    expect({ code, done: folder.lines('done'), never: folder.lines('never'), ends: endsIn(stdout) }).toMatchObject({ code: 7, done: ['done'], never: [], ends: { 'one/slow': 'succeeded' } });
  });

  test('a run that stopped lists the changes that it left in place', async ({ folderWith, expect }) => {
    const folder = await folderWith(failing(', on-failure: stop'));
    const { stdout } = await folder.relpipe('run');
    for (const text of [stdout, (await folder.relpipe('status')).stdout]) expect(text).toMatch(/not rolled back:\n.*one\/act: was not rolled back/);
  });

  test('after on-failure: pause, continue runs the failed step again', async ({ folderWith, expect }) => {
    const folder = await folderWith(failing(', on-failure: pause'));
    expect((await folder.relpipe('run')).code).toBe(6);
    writeFileSync(join(folder.path, 'mended'), '');
    await folder.relpipe('continue', '--reason', 'mended');
    const { code, stdout } = await folder.relpipe('resume');
    expect({ code, later: folder.lines('later') }, stdout).toEqual({ code: 0, later: ['later'] });
  });

  test('after on-failure: pause, a step that fails again after continue pauses the run again', async ({ folderWith, expect }) => {
    const folder = await folderWith(failing(', on-failure: pause'));
    await folder.relpipe('run');
    await folder.relpipe('continue', '--reason', 'I hope');
    const { code, stdout } = await folder.relpipe('resume');
    expect({ code, next: folder.lines('next') }, stdout).toEqual({ code: 6, next: [] });
    expect((await folder.relpipe('rollback', '--reason', 'no more')).code).toBe(3);
    expect(folder.lines('undone')).toEqual(['undone']);
  });
});
