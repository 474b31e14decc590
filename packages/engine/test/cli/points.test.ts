import { describe } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

const object = (properties: Record<string, unknown>) => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });
const text = { type: 'string' };
const withPen = JSON.stringify(object({ pen: { type: 'object', 'x-relpipe': 'point', point: 'notes.pen' }, note: text }));

/** A plugin that writes notes with whatever pen another package provides. */
const notes = `
export default {
  name: 'notes',
  contract: 1,
  points: { pen: { summary: 'What writes', contract: 1 } },
  steps: {
    write: {
      summary: 'Writes a note',
      with: ${withPen},
      outputs: ${JSON.stringify(object({ pen: text }))},
      state: ${JSON.stringify(object({ note: text }))},
      onLost: 'retry',
      async preview({ pen, note }, context) {
        if ('$later' in pen) return { change: 'write with a pen that is only known then', unknownUntilRun: ['pen'] };
        return { change: 'write ' + note + ' with ' + (await pen.open(context)).name };
      },
      async run({ pen, note }, context) {
        await context.saveState({ note });
        (await pen.open(context)).write(note);
        return { pen: pen.name };
      },
      rollback: { async run({ pen }, context) { (await pen.open(context)).write('not ' + context.saved.note); } },
    },
  },
  composites: {
    twice: {
      summary: 'Writes a note twice',
      with: ${withPen},
      outputs: ${JSON.stringify(object({}))},
      unfold({ pen, note }, into) {
        into.step('one', { uses: 'notes.write', with: { pen, note } });
        into.step('two', { uses: 'notes.write', with: { pen, note } });
        return {};
      },
    },
  },
};
`;

const quill = (by = '') => `
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
const withFeather = ${JSON.stringify(object({ ink: { type: 'string', 'x-relpipe': 'secret' }, file: text, dries: { type: 'string', 'x-relpipe': 'duration' } }))};
const open = async ({ ink, file, dries }, context) => ({
  name: 'a quill for ' + file,
  write: (note) => appendFileSync(join(context.workdir, file), note + '${by} in ' + ink.reveal().length + ' letters of ink, dry after ' + dries + '\\n'),
});
export default { name: 'quill', contract: 1, provides: { 'notes.pen': { quill: { summary: 'A quill', contract: 1, with: withFeather, open } } } };
`;

const packageOf = (name: string, source: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }),
  [`node_modules/${name}/index.js`]: source,
});

const files = (stages: string) => ({
  ...pipeline(`plugins: { notes: "*", quill: "*" }\nsecrets: { INK: {} }\nstages:\n${stages}`),
  ...packageOf('notes', notes),
  ...packageOf('quill', quill()),
});

const env = { RELPIPE_SECRET_INK: 'black-and-wet', INK: 'black-and-wet' };

describe.concurrent('what a package provides to a point of another', () => {
  test('a provided value is opened by the step that names it, from a composite as well, with what only the run knows, and for its rollback', async ({ folderWith, expect }) => {
    const folder = await folderWith(files(`
  one:
    steps:
      - { id: pick, run: 'echo "file=notes.txt" >> $RELPIPE_OUTPUT', outputs: { file: string } }
      - { id: both, uses: notes.twice, with: { note: hello, pen: { quill: { ink: "\${{ secrets.INK }}", file: "\${{ steps.pick.outputs.file }}", dries: 90s } } } }
      - { id: end, run: exit 1 }`));
    const { code, stdout, stderr } = await folder.start(['run'], env).finished;
    expect(code, stdout + stderr).toBe(3);
    const written = (note: string) => `${note} in 13 letters of ink, dry after 90000`;
    expect(folder.lines('notes.txt')).toEqual(['hello', 'hello', 'not hello', 'not hello'].map(written));
  });

  test('a provided value is available to the plan as far as it is known, and the plan holds only what was written', async ({ folderWith, expect }) => {
    const folder = await folderWith(files(`
  one: { steps: [{ id: note, uses: notes.write, with: { note: hello, pen: { quill: { ink: "\${{ secrets.INK }}", file: notes.txt, dries: 90s } } } }] }`));
    const plan = await folder.start(['plan'], env).finished;
    expect(plan.stdout + plan.stderr).toContain('write hello with a quill for notes.txt');
    const { stdout } = await folder.start(['plan', '--json'], env).finished;
    const { plan: planned } = JSON.parse(stdout) as { plan: { steps: readonly { act: unknown }[] } };
    expect(planned.steps[0]?.act).toMatchObject({ with: { note: 'hello', pen: { quill: { dries: '1m30s', file: 'notes.txt', ink: { $secret: 'INK' } } } } });
  });

  test('a provided value is looked up again when a recorded run is resumed', async ({ folderWith, expect }) => {
    const folder = await folderWith(files(`
  one:
    steps:
      - { id: sure, approval: "Sure?" }
      - { id: note, uses: notes.write, with: { note: hello, pen: { quill: { ink: "\${{ secrets.INK }}", file: notes.txt, dries: 1s } } } }`));
    expect((await folder.start(['run', '--park-after', '0s'], env).finished).code).not.toBe(0);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${folder.path}/node_modules/quill/index.js`, quill(' once more'));
    await folder.start(['approve'], env).finished;
    const resumed = await folder.start(['resume', '--accept-changed-plugins'], env).finished;
    expect(resumed.code, resumed.stdout + resumed.stderr).toBe(0);
    expect(folder.lines('notes.txt')).toEqual(['hello once more in 13 letters of ink, dry after 1000']);
  });
});
