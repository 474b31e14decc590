import { describe } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

/** A plugin whose step ends the process instead of itself. */
const withStep = (body: string) => ({
  ...pipeline('plugins: { relpipe-plugin-x: "*" }\nstages: { one: { steps: [{ id: act, uses: x.act }] } }\n'),
  'node_modules/relpipe-plugin-x/package.json': '{ "name": "relpipe-plugin-x", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'node_modules/relpipe-plugin-x/index.js': `
    const any = { type: 'object' };
    const act = { summary: 'Acts', with: any, outputs: any, onLost: 'retry', rollback: 'nothing', run: async (_, { attempt }) => { ${body} } };
    export default { name: 'x', contract: 1, steps: { act } };
  `,
});

describe.concurrent('a plugin that ends the whole process', () => {
  test.for([
    ['process.exit', 'if (attempt === 1) process.exit(1); return {};', ''],
    ['an error that nobody awaits', 'if (attempt === 1) { setImmediate(() => { throw new Error("too late"); }); await new Promise((resolve) => setTimeout(resolve, 60_000)); } return {};', 'too late'],
  ] as const)('by %s interrupts the run: the exit code is 70, and the message resumes it', async ([, body, said], { folderWith, expect }) => {
    const folder = await folderWith(withStep(body));
    const { code, stderr } = await folder.relpipe('run');
    expect({ code, stderr }).toEqual({ code: 70, stderr: expect.stringMatching(/The process ended before the run did.* relpipe resume \S+\n$/) as string });
    expect(stderr).toContain(said);
    expect((await folder.relpipe('resume')).code).toBe(0);
  });
});
