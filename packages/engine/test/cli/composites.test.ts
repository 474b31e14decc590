import { appendFileSync } from 'node:fs';
import { describe } from 'vitest';
import { endsIn, eventsIn, pipeline, runIn, test } from './side-by-side.ts';

const object = (properties: Record<string, unknown>) => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });

/** A plugin in plain JavaScript: a mark in a file, and a composite that marks twice with a hold in between. */
const plugin = `
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
const text = { type: 'string' };
const write = (context, line) => appendFileSync(join(context.workdir, 'marks'), line + '\\n');
export default {
  name: 'marks',
  contract: 1,
  steps: {
    mark: {
      summary: 'Writes a mark',
      with: ${JSON.stringify(object({ mark: { type: 'string' } }))},
      outputs: ${JSON.stringify(object({ marked: { type: 'string' } }))},
      state: ${JSON.stringify(object({ mark: { type: 'string' } }))},
      onLost: 'retry',
      async run({ mark }, context) {
        await context.saveState({ mark });
        write(context, mark);
        if (mark.startsWith('bad')) throw new Error('a bad mark');
        return { marked: mark };
      },
      rollback: { async run(_config, context) { write(context, 'undo ' + context.saved.mark); } },
    },
  },
  composites: {
    twice: {
      summary: 'Marks, waits and marks again',
      with: ${JSON.stringify(object({ first: { type: 'string' }, second: { type: 'string' } }))},
      outputs: ${JSON.stringify(object({ last: { type: 'string' } }))},
      unfold({ first, second }, into) {
        into.step('one', { uses: 'marks.mark', with: { mark: first } });
        into.hold('wait', { for: 300 });
        const last = into.step('two', { uses: 'marks.mark', with: { mark: second } });
        return { last: last.output('marked') };
      },
    },
    whole: {
      summary: 'Marks twice and is rolled back as one',
      with: ${JSON.stringify(object({ first: { type: 'string' }, second: { type: 'string' } }))},
      outputs: ${JSON.stringify(object({}))},
      unfold({ first, second }, into) {
        into.step('one', { uses: 'marks.mark', with: { mark: first } });
        into.step('two', { uses: 'marks.mark', with: { mark: second } });
        return {};
      },
      rollback({ first }, into, urgency) {
        into.step('back', { uses: 'marks.mark', with: { mark: 'back ' + urgency } });
      },
    },
  },
};
`;

const withPlugin = (body: string) => ({
  ...pipeline(`plugins: { relpipe-plugin-marks: "*" }\n${body}`),
  'node_modules/relpipe-plugin-marks/package.json': JSON.stringify({ name: 'relpipe-plugin-marks', version: '1.2.3', type: 'module', exports: './index.js' }),
  'node_modules/relpipe-plugin-marks/index.js': plugin,
});

const using = (composite: string, second: string, more = '', rest = '') =>
  withPlugin(`
${more}
stages:
  one:
    steps:
      - { id: both, uses: ${composite}, with: { first: a, second: ${second} }${rest} }
      - { id: tell, run: "echo told >> marks" }
      - { id: end, run: "! test -e fail" }
`);

describe.concurrent('composites', () => {
  test('a composite unfolds into steps, and has outputs', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...using('marks.twice', 'b'), ...withPlugin(`
stages: { one: { steps: [{ id: both, uses: marks.twice, with: { first: a, second: b } }, { id: tell, run: "echo \${{ steps.both.outputs.last }} >> marks" }] } }
outputs: { last: "\${{ steps.both.outputs.last }}" }`) });
    const { code, stdout, stderr } = await folder.relpipe('run', '--json');
    expect({ code, ends: endsIn(stdout) }, stderr).toEqual({
      code: 0,
      ends: { 'one/both/one': 'succeeded', 'one/both/wait': 'succeeded', 'one/both/two': 'succeeded', 'one/tell': 'succeeded' },
    });
    expect(folder.lines('marks')).toEqual(['a', 'b', 'b']);
    expect(eventsIn(stdout).at(-1)).toMatchObject({ outputs: { last: 'b' } });
  });

  test('a composite without a rollback of its own is rolled back child by child, the last one first', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...using('marks.twice', 'b'), fail: 'x' });
    expect((await folder.relpipe('run')).code).toBe(3);
    expect(folder.lines('marks')).toEqual(['a', 'b', 'told', 'undo b', 'undo a']);
  });

  test('a composite whose child failed half-way is rolled back as far as it came', async ({ folderWith, expect }) => {
    const folder = await folderWith(using('marks.twice', 'bad', 'defaults: { retry: { attempts: 1 } }'));
    expect((await folder.relpipe('run')).code).toBe(3);
    expect(folder.lines('marks')).toEqual(['a', 'bad', 'undo bad', 'undo a']);
  });

  test('a composite with a rollback of its own is rolled back as one, in stages, or at once by rollback --now', async ({ folderWith, expect }) => {
    const staged = await folderWith({ ...using('marks.whole', 'b'), fail: 'x' });
    expect((await staged.relpipe('run')).code).toBe(3);
    expect(staged.lines('marks')).toEqual(['a', 'b', 'told', 'back staged']);
    const now = await folderWith(
      withPlugin('stages: { one: { steps: [{ id: both, uses: marks.whole, with: { first: a, second: b } }, { id: sure, approval: "Sure?" }] } }'),
    );
    await now.relpipe('run', '--park-after', '0s');
    expect((await now.relpipe('rollback', '--now', '--reason', 'quick')).code).toBe(3);
    expect(now.lines('marks')).toEqual(['a', 'b', 'back now']);
  });

  test('a composite hands its gates to every child', async ({ folderWith, expect }) => {
    const gates = 'gates: { health: { every: 100ms, metrics: { n: { run: "grep -c b marks || true", unit: count, threshold: { critical: 0 }, no-data: inconclusive } } } }';
    const folder = await folderWith(using('marks.twice', 'b', gates, ', gates: [health]'));
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect({ code, marks: folder.lines('marks').slice(0, 2) }, stdout).toEqual({ code: 0, marks: ['a', 'b'] });
    expect(eventsIn(stdout).filter(({ type }) => type === 'gate-evaluated').map(({ step }) => step)).toContain('one/both/wait');
  });

  test('a composite is resumed only with the version of the plugin that it was planned with', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      withPlugin('stages: { one: { steps: [{ id: sure, approval: "Sure?" }, { id: both, uses: marks.twice, with: { first: a, second: b } }] } }'),
    );
    await folder.relpipe('run', '--park-after', '0s');
    await folder.relpipe('approve');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${folder.path}/node_modules/relpipe-plugin-marks/package.json`, JSON.stringify({ name: 'relpipe-plugin-marks', version: '1.3.0', type: 'module', exports: './index.js' }));
    const { code, stderr } = await folder.relpipe('resume');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('REL_PLUGIN_CHANGED') as string });
    expect(stderr).toContain('was planned with relpipe-plugin-marks 1.2.3, but relpipe-plugin-marks 1.3.0 is installed.');
    expect(stderr).toContain('npm install --no-save relpipe-plugin-marks@1.2.3');
    expect(folder.lines('marks')).toEqual([]);
  });

  test('a run is not resumed or rolled back with changed files of a plugin in the same version, unless a person accepts them', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      withPlugin('stages: { one: { steps: [{ id: both, uses: marks.twice, with: { first: a, second: b } }, { id: sure, approval: "Sure?" }] } }'),
    );
    const run = runIn((await folder.relpipe('run', '--park-after', '0s')).stdout);
    appendFileSync(`${folder.path}/node_modules/relpipe-plugin-marks/index.js`, "\n(await import('node:fs')).writeFileSync('loaded', 'other code');\n");
    const accepting = `relpipe resume ${run} --accept-changed-plugins`;
    const refused = { code: 2, stderr: expect.stringMatching(new RegExp(`REL_PLUGIN_CONTENT_CHANGED: .*relpipe-plugin-marks 1\\.2\\.3 differ[^]*${accepting}`)) as string };
    for (const command of [['resume'], ['rollback', '--reason', 'x'], ['resume', '--due']]) expect(await folder.relpipe(...command)).toMatchObject(refused);
    expect(folder.lines('loaded')).toEqual([]);
    expect((await folder.relpipe('resume', '--accept-changed-plugins')).code).toBe(3);
    expect(folder.lines('marks')).toEqual(['a', 'undo a']);
    expect(folder.lines('loaded')).toEqual(['other code']);
  });
});
