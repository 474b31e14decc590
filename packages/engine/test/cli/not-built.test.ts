import { describe } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

const step = (more: string) => `stages: { one: { steps: [{ id: a, run: "echo ran > ran"${more} }] } }`;

describe.concurrent('what is not built yet is refused by name', () => {
  test.for([
    ['concurrency', 'stages: { one: { concurrency: { group: g, on-conflict: wait }, steps: [{ id: a, run: "echo ran > ran" }] } }'],
    ['ways-back', `ways-back: { quick: { undo: [a] } }\n${step('')}`],
    ['runs-on', step(', runs-on: linux')],
    ['choose', 'inputs: { how: { type: choice, options: [a, b], default: a } }\nstages: { one: { steps: [{ id: a, choose: { on: inputs.how, a: { run: "true" }, b: { run: "true" } } }] } }'],
    ['pipeline', 'stages: { one: { steps: [{ id: a, pipeline: other.yaml }] } }'],
  ] as const)('the key %s', async ([key, body], { folderWith, expect }) => {
    const folder = await folderWith(pipeline(body));
    const { code, stderr } = await folder.relpipe('run');
    expect({ code, ran: folder.lines('ran') }).toEqual({ code: 2, ran: [] });
    expect(stderr).toContain(`error REL_NOT_BUILT_YET: "${key}"`);
    expect(stderr).toContain('1 error');
  });

  test.for(['install', 'init', 'pause', 'skip-hold', 'rollback', 'schema', 'explain', 'audit', 'stats', 'serve', 'ui', 'doctor'])(
    'the command %s',
    async (command, { folderWith, expect }) => {
      const { code, stderr } = await (await folderWith({})).relpipe(command);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`${command} is planned but not built yet`) as string });
    },
  );

  test.for(['resume --replan', 'abort --reason x --way'])('the option of %s', async (line, { folderWith, expect }) => {
    const { code, stderr } = await (await folderWith({})).relpipe(...line.split(' '));
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(line.split(' ').at(-1) ?? '') as string });
  });
});
