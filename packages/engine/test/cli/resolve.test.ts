import type { Folder } from '@relpipe/testing/relpipe-folder';
import { describe, type ExpectStatic } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

const publishing = (more = '', type = 'integer', read = 'n') =>
  pipeline(`
stages:
  one:
    steps:
      - id: publish
        run: "echo published >> published; test -e fast || sleep 30; echo n=1 >> $RELPIPE_OUTPUT"
        outputs: { n: ${type} }
        rollback: [{ id: withdraw, run: "echo withdrawn >> withdrawn" }]
        ${more}
      - { id: tell, run: "echo \${{ steps.publish.outputs.${read} }} > told" }
`);

/** Killed with -9 in the middle of the step, then resumed. */
async function killedInTheMiddle(folder: Folder): Promise<void> {
  const run = folder.start(['run']);
  await folder.appears('published');
  run.child.kill('SIGKILL');
  await run.finished;
}

async function parkedWithQuestion(folder: Folder, expect: ExpectStatic): Promise<void> {
  await killedInTheMiddle(folder);
  const { code, stdout } = await folder.relpipe('resume', '--park-after', '0s');
  expect({ code, published: folder.lines('published') }, stdout).toEqual({ code: 75, published: ['published'] });
  expect(stdout).toContain('Its outcome could not be determined.');
}

describe.concurrent('a command that was running when relpipe died', () => {
  test('a command that was running when relpipe died is not repeated: the run parks, and resolve --took-effect supplies its outputs', async ({ folderWith, expect }) => {
    const folder = await folderWith(publishing());
    await parkedWithQuestion(folder, expect);
    expect((await folder.relpipe('resolve', '--took-effect', '--output', 'n=7', '--as', 'ann')).code).toBe(0);
    expect((await folder.relpipe('resume')).code).toBe(0);
    expect({ published: folder.lines('published'), told: folder.lines('told') }).toEqual({ published: ['published'], told: ['7'] });
  });

  test('a command that was running when relpipe died runs again after resolve --no-effect', async ({ folderWith, expect }) => {
    const folder = await folderWith(publishing());
    await parkedWithQuestion(folder, expect);
    await folder.relpipe('resolve', '--no-effect');
    const again = folder.start(['resume']);
    await again.printed('attempt 2');
    again.child.kill('SIGKILL');
    await again.finished;
    expect(folder.lines('published').length).toBeGreaterThanOrEqual(1);
  });

  test('a command that was running when relpipe died is rolled back by a rollback, because it may have acted', async ({ folderWith, expect }) => {
    const folder = await folderWith(publishing());
    await parkedWithQuestion(folder, expect);
    const { code, stdout } = await folder.relpipe('rollback', '--reason', 'enough');
    expect({ code, withdrawn: folder.lines('withdrawn') }, stdout).toEqual({ code: 3, withdrawn: ['withdrawn'] });
  });

  test('a command that was running when relpipe died is rolled back by a rollback without a resume before', async ({ folderWith, expect }) => {
    const folder = await folderWith(publishing());
    await killedInTheMiddle(folder);
    const { code, stdout } = await folder.relpipe('rollback', '--reason', 'enough');
    expect({ code, withdrawn: folder.lines('withdrawn') }, stdout).toEqual({ code: 3, withdrawn: ['withdrawn'] });
  });

  test('an idempotent command that was running when relpipe died is not repeated before a rollback is handled', async ({ folderWith, expect }) => {
    const folder = await folderWith(publishing('idempotent: true'));
    await killedInTheMiddle(folder);
    const { code, stdout } = await folder.relpipe('rollback', '--reason', 'enough');
    const effects = { published: folder.lines('published'), withdrawn: folder.lines('withdrawn') };
    expect({ code, ...effects }, stdout).toEqual({ code: 3, published: ['published'], withdrawn: ['withdrawn'] });
  });

  test('a question is not resolved with outputs of the wrong type or name', async ({ folderWith, expect }) => {
    const folder = await folderWith(publishing());
    await parkedWithQuestion(folder, expect);
    const codes = [];
    for (const outputs of [['--output', 'n=many'], ['--output', 'm=1'], []]) codes.push((await folder.relpipe('resolve', '--took-effect', ...outputs)).code);
    expect(codes).toEqual([2, 2, 2]);
    expect((await folder.relpipe('resolve')).code).toBe(2);
    expect((await folder.relpipe('resolve', '--took-effect', '--no-effect')).code).toBe(2);
    expect((await folder.relpipe('approve')).code).toBe(2);
  });

  test('a question is not resolved with an output that looks like a reference to a secret', async ({ folderWith, expect }) => {
    const folder = await folderWith(publishing('', 'map', 'n.a'));
    await parkedWithQuestion(folder, expect);
    const { code, stderr } = await folder.relpipe('resolve', '--took-effect', '--output', 'n={"a":{"$secret":"TOKEN"}}');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('the key "$secret", which is reserved') as string });
  });

  test('an idempotent command that was running when relpipe died runs again by itself', async ({ folderWith }) => {
    const folder = await folderWith(publishing('idempotent: true'));
    await killedInTheMiddle(folder);
    const again = folder.start(['resume']);
    await again.printed('attempt 2');
    again.child.kill('SIGKILL');
    await again.finished;
  });
});
