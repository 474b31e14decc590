import { describe } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

describe.concurrent('what is not built yet is refused by name', () => {
  test('all keys that are not built yet are refused by name at once, and nothing else is reported', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
inputs: { how: { type: choice, options: [a, b], default: a } }
rollbacks: { quick: { undo: [act] } }
stages:
  one:
    steps:
      - { id: act, run: "echo ran > ran" }
`),
    );
    const { code, stderr } = await folder.relpipe('run');
    expect({ code, ran: folder.lines('ran') }).toEqual({ code: 2, ran: [] });
    const refused = [...stderr.matchAll(/error ([A-Z_]+): "([a-z-]+)"/g)].map(([, why, key]) => `${why ?? ''} ${key ?? ''}`);
    expect(refused.sort()).toEqual(['rollbacks'].map((key) => `REL_NOT_IMPLEMENTED ${key}`));
    expect(stderr).toContain('1 error');
  });

  test.for(['install', 'audit', 'gc'])(
    'the command %s, which is not built yet, is refused by name',
    async (command, { folderWith, expect }) => {
      const { code, stderr } = await (await folderWith({})).relpipe(command);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`${command} is planned, but not implemented yet`) as string });
    },
  );

  test.for(['resume --replan', 'rollback --reason x --way', 'run --journal git:origin', 'status --journal s3://bucket/runs'])('the option of %s, which is not built yet, is refused by name', async (line, { folderWith, expect }) => {
    const { code, stderr } = await (await folderWith({})).relpipe(...line.split(' '));
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(line.split(' ').at(-1) ?? '') as string });
  });
});

describe.concurrent('a mistake on the command line is explained with its command', () => {
  test.for([
    ['rollback', /^error REL_USAGE: Required option '--reason <text>' not specified\.\n {2}hint: See: relpipe rollback --help\n$/],
    ['run --inputs x', /^error REL_USAGE: Unknown option '--inputs'\. Did you mean --input\?\n {2}hint: See: relpipe run --help\n$/],
    ['run a b', /^error REL_USAGE: Too many arguments for 'run'\. .*\n {2}hint: See: relpipe run --help\n$/],
    ['statsu', /^error REL_USAGE: Unknown command 'statsu'\. Did you mean status\?\n {2}hint: See: relpipe --help\n$/],
    ['cancel', /^error REL_USAGE: There is no command cancel; use rollback\.\n {2}hint: See: relpipe rollback --help\n$/],
    ['abort', /^error REL_USAGE: There is no command abort; use rollback\.\n/],
    ['skip-hold', /^error REL_USAGE: There is no command skip-hold; use continue\.\n/],
  ] as const)('%s', async ([line, text], { folderWith, expect }) => {
    const { code, stdout, stderr } = await (await folderWith({})).relpipe(...line.split(' '));
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(text) as string });
  });

  test('a command line without a command prints the help', async ({ folderWith, expect }) => {
    const { code, stdout, stderr } = await (await folderWith({})).relpipe();
    expect({ code, help: (stdout + stderr).startsWith('Usage: relpipe') }).toEqual({ code: 2, help: true });
  });
});
