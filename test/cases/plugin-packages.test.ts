import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { test } from './own-plugin.ts';

const says = (text: string): string => `const say = defineStep({ ...base, async run(_, { workdir }) { appendFileSync(workdir + '/effects', '${text}'); return {}; } });`;

/** Each was a fault of relpipe: a plugin is identified by what it contains and by what it declares. */
describe.concurrent('a package of a plugin', () => {
  test('plugin-code-changed-under-a-run: other files in the same version are refused when the run is resumed, and not loaded', async ({ playing, expect }) => {
    const folder = await playing({
      pipeline: 'stages: { a: { steps: [{ id: sure, approval: "Sure?" }, { id: goes, uses: own.say }] } }',
      types: says('planned'),
      provides: 'steps: { say }',
    });
    expect((await folder.run('run', '--park-after', '0s')).code).toBe(75);
    const file = join(folder.path, 'node_modules/relpipe-plugin-own/index.js');
    writeFileSync(file, `${readFileSync(file, 'utf8').replace('planned', 'other')}\nappendFileSync('effects', 'loaded');\n`);
    await folder.run('approve');
    const { code, stderr } = await folder.run('resume');
    expect({ code, stderr, effects: folder.lines('effects') }).toEqual({ code: 2, stderr: expect.stringMatching(/REL_PLUGIN_CONTENT_CHANGED: .*relpipe-plugin-own 1\.0\.0/) as string, effects: [] });
  });

  test('peer-range-ignored: a plugin that declares another relpipe is refused, and both versions are named', async ({ playing, expect }) => {
    const folder = await playing({ pipeline: 'stages: { a: { steps: [{ id: goes, uses: own.say }] } }', types: says('x'), provides: 'steps: { say }', engine: '>=99 <100' });
    const { code, stderr } = await folder.run('validate');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/REL_PLUGIN_ENGINE_MISMATCH: relpipe-plugin-own 1\.0\.0 requires relpipe >=99 <100; this is relpipe \d/) as string });
  });
});
