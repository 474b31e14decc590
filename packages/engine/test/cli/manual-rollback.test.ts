import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Folder } from '@relpipe/testing/relpipe-folder';
import { describe } from 'vitest';
import { eventsIn, pipeline, test } from './side-by-side.ts';

const object = (properties: Record<string, unknown>) => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });

/** A plugin in plain JavaScript: what it puts on a shelf only a person may take off. */
const plugin = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const write = (context, line) => appendFileSync(join(context.workdir, 'marks'), line + '\\n');
const onShelf = (name, context) => join(context.workdir, 'shelf-' + name);
export default {
  name: 'shelf',
  contract: 1,
  steps: {
    put: {
      summary: 'Puts a thing on the shelf',
      with: ${JSON.stringify(object({ name: { type: 'string' }, key: { type: 'string', 'x-relpipe': 'secret' } }))},
      outputs: ${JSON.stringify(object({}))},
      state: ${JSON.stringify(object({ name: { type: 'string' } }))},
      onLost: 'retry',
      async preview({ name }) { return { change: 'the shelf', to: name, rollback: 'somebody takes ' + name + ' off' }; },
      async run({ name }, context) {
        await context.saveState({ name });
        writeFileSync(onShelf(name, context), name);
        return {};
      },
      rollback: {
        async instruct({ name, key }, { saved, because }) {
          return 'Take ' + saved.name + ' off the shelf with ' + key.reveal() + ', because of this: ' + because;
        },
        async confirm({ name }, context) {
          write(context, 'look');
          while (existsSync(join(context.workdir, 'slow'))) await context.clock.sleep(10);
          return existsSync(onShelf(name, context)) ? name + ' is still there' : true;
        },
      },
    },
  },
};
`;

/** A cup on the shelf, and behind it a step that is given. */
const released = (check = 'run: "false"') => ({
  ...pipeline(`
plugins: { relpipe-plugin-shelf: "*" }
secrets: { SHELF_KEY: {} }
defaults: { retry: { attempts: 2, backoff: 1ms..1ms } }
stages:
  one:
    steps:
      - { id: base, run: "true", rollback: [{ id: back, run: "echo base >> marks" }] }
      - { id: put, uses: shelf.put, with: { name: cup, key: "\${{ secrets.SHELF_KEY }}" } }
      - { id: check, ${check} }
  two:
    steps: [{ id: other, run: "true", rollback: [{ id: other-back, run: "echo other >> marks" }] }]
`),
  'node_modules/relpipe-plugin-shelf/package.json': JSON.stringify({ name: 'relpipe-plugin-shelf', version: '1.0.0', type: 'module', exports: './index.js' }),
  'node_modules/relpipe-plugin-shelf/index.js': plugin,
});

const key = { SHELF_KEY: 'golden-key-17' };
const relpipe = (folder: Folder, ...args: readonly string[]) => folder.start(args, key).finished;

describe.concurrent('a manual rollback', () => {
  test('a manual rollback is requested, verified, and requested again until it is done', async ({ folderWith, expect }) => {
    const folder = await folderWith(released());
    const first = await relpipe(folder, 'run', '--park-after', '0s');
    expect(first.code, first.stdout).toBe(75);
    expect(first.stdout).toContain('waiting for a manual rollback: Take cup off the shelf with ***, because of this: one/check');
    expect(first.stdout).toMatch(/relpipe resolve \S+ one\/put --rolled-back/);
    expect(folder.lines('marks').toSorted()).toEqual(['look', 'other']);
    expect((await relpipe(folder, 'status')).stdout).toMatch(/↶ one\/put +waiting for a manual rollback: Take cup off/);
    expect(eventsIn((await relpipe(folder, 'status', '--json')).stdout).at(-1)).toMatchObject({ type: 'parked', asks: ['one/put'] });
    await relpipe(folder, 'report', '--output', 'waiting.html');
    expect(folder.lines('waiting.html').join('\n')).toMatch(/parked<\/p>[^]*manual rollback: Take cup off the shelf with \*\*\*/);

    expect((await relpipe(folder, 'resolve', '--rolled-back', '--as', 'ann')).code).toBe(0);
    const again = await relpipe(folder, 'resume', '--park-after', '0s');
    expect({ code: again.code, isAskedAgain: again.stdout.includes('(Last check: cup is still there)') }, again.stdout).toEqual({ code: 75, isAskedAgain: true });

    await rm(join(folder.path, 'shelf-cup'));
    expect((await relpipe(folder, 'resolve', '--rolled-back', '--as', 'ann')).stdout).toContain('Recorded: step one/put was rolled back (ann).');
    const last = await relpipe(folder, 'resume', '--report', 'report.html');
    expect(last.code, last.stdout).toBe(3);
    expect(last.stdout).toMatch(/one\/put +↩ rolled back/);
    expect(folder.lines('marks').at(-1)).toBe('base');
    expect(folder.lines('report.html').join('\n')).not.toContain('golden-key-17');
  });

  test('the plan shows that a step needs a manual rollback', async ({ folderWith, expect }) => {
    const folder = await folderWith(released());
    expect((await relpipe(folder, 'plan')).stdout).toContain("one/put (with a person's help: somebody takes cup off)");
  });

  test('a run in progress continues when a person answers from another process', async ({ folderWith, expect }) => {
    const folder = await folderWith(released());
    const run = folder.start(['run', '--park-after', 'never', '--json'], key);
    await run.printed('manual-rollback');
    await rm(join(folder.path, 'shelf-cup'));
    await relpipe(folder, 'resolve', '--rolled-back');
    const { code, stdout } = await run.finished;
    expect(code, stdout).toBe(3);
    expect(eventsIn(stdout)).toContainEqual(expect.objectContaining({ type: 'step-waiting', step: 'one/put', why: 'manual-rollback' }));
    expect(eventsIn(stdout)).toContainEqual(expect.objectContaining({ type: 'rollback-ended', unit: 'one/put', end: 'rolled-back' }));
  });

  test('a manual rollback that is not possible ends as a failed rollback, with the person who answered so', async ({ folderWith, expect }) => {
    const folder = await folderWith(released());
    await relpipe(folder, 'run', '--park-after', '0s');
    await relpipe(folder, 'resolve', '--cannot-roll-back', '--as', 'ann', '--comment', 'the shelf has burnt');
    const { code, stdout } = await relpipe(folder, 'resume');
    expect(code, stdout).toBe(4);
    expect(stdout).toContain('REL_ROLLBACK_REFUSED: ann reported that it cannot be rolled back: the shelf has burnt');
    expect(folder.lines('marks')).not.toContain('base');
  });

  test('a rollback of a parked run requests the manual rollback once, and parks then', async ({ folderWith, expect }) => {
    const folder = await folderWith(released('approval: "Sure?"'));
    expect((await relpipe(folder, 'run', '--park-after', '0s')).code).toBe(75);
    const { code, stdout } = await relpipe(folder, 'rollback', '--reason', 'enough');
    expect({ code, asks: stdout.includes('waiting for a manual rollback') }, stdout).toEqual({ code: 75, asks: true });
  });

  test('a manual rollback is not requested when it is done already', async ({ folderWith, expect }) => {
    const folder = await folderWith(released('run: "rm shelf-cup; false"'));
    const { code, stdout } = await relpipe(folder, 'run');
    expect({ code, marks: folder.lines('marks').at(-1) }, stdout).toEqual({ code: 3, marks: 'base' });
  });

  test('a manual rollback survives SIGKILL in the middle of its verification', async ({ folderWith, expect }) => {
    const folder = await folderWith(released());
    await relpipe(folder, 'run', '--park-after', '0s');
    await rm(join(folder.path, 'shelf-cup'));
    await relpipe(folder, 'resolve', '--rolled-back');
    await writeFile(join(folder.path, 'slow'), 'x');
    await rm(join(folder.path, 'marks'));
    const killed = folder.start(['resume'], key);
    await folder.contains('marks', 'look');
    killed.child.kill('SIGKILL');
    await killed.finished;
    await rm(join(folder.path, 'slow'));
    const { code, stdout } = await relpipe(folder, 'resume');
    expect({ code, marks: folder.lines('marks') }, stdout).toEqual({ code: 3, marks: ['look', 'look', 'base'] });
  });

  test('a manual rollback is answered by its own flags only', async ({ folderWith, expect }) => {
    const folder = await folderWith(released());
    await relpipe(folder, 'run', '--park-after', '0s');
    const codes = [];
    for (const words of [['--took-effect'], ['--rolled-back', '--took-effect'], []]) codes.push((await relpipe(folder, 'resolve', ...words)).code);
    expect(codes).toEqual([2, 2, 2]);
    expect((await relpipe(folder, 'approve')).code).toBe(2);
  });
});
