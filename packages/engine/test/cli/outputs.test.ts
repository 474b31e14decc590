import { describe } from 'vitest';
import { eventsIn, pipeline, test } from './side-by-side.ts';

const giving = (declared: string, command: string) =>
  pipeline(`stages: { one: { steps: [{ id: give, outputs: ${declared}, run: ${JSON.stringify(command)} }] } }\noutputs: { all: "\${{ steps.give.outputs.x }}" }`);

describe.concurrent('outputs', () => {
  test.for([
    ['string', 'x= a "b" ', ' a "b" '],
    ['boolean', 'x=true', true],
    ['integer', 'x=-42', -42],
    ['number', 'x=2.50', 2.5],
    ['semver', 'x=1.4.0-rc.1', '1.4.0-rc.1'],
    ['percent', 'x=12.5%', '12.5%'],
    ['duration', 'x=90s', '1m30s'],
    ['size', 'x=512MiB', '512MiB'],
    ['list', 'x=[1,"two"]', [1, 'two']],
    ['map', 'x={"a":{"b":null}}', { a: { b: null } }],
    ['path', 'x=dist/a b.tgz', 'dist/a b.tgz'],
  ] as const)('an output of the type %s arrives in its canonical form', async ([type, line, value], { folderWith, expect }) => {
    const folder = await folderWith(giving(`{ x: ${type} }`, `printf '%s\\n' '${line}' > "$RELPIPE_OUTPUT"`));
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect({ code, over: eventsIn(stdout).at(-1) }, stdout).toMatchObject({ code: 0, over: { outputs: { all: value } } });
  });

  test('a value of several lines arrives whole', async ({ folderWith, expect }) => {
    const folder = await folderWith(giving('{ x: string }', 'printf "x<<END\\na\\n\\nb=c\\nEND\\n" >> "$RELPIPE_OUTPUT"'));
    const { stdout } = await folder.relpipe('run', '--json');
    expect(eventsIn(stdout).at(-1)).toMatchObject({ outputs: { all: 'a\n\nb=c' } });
  });

  test.for([
    ['undeclared', '{ x: string }', 'printf "x=1\\ny=2\\n"', 'REL_OUTPUT_UNDECLARED'],
    ['missing', '{ x: string, y: string }', 'echo x=1', 'REL_OUTPUT_MISSING'],
    ['of another type', '{ x: integer }', 'echo x=1.5', 'REL_OUTPUT_NOT_OF_TYPE'],
    ['without its unit', '{ x: duration }', 'echo x=15', 'REL_OUTPUT_NOT_OF_TYPE'],
    ['unreadable', '{ x: string }', 'echo what is this', 'REL_VALUES_UNREADABLE'],
  ] as const)('a step whose output is %s fails', async ([, declared, command, why], { folderWith, expect }) => {
    const folder = await folderWith(giving(declared, `${command} >> "$RELPIPE_OUTPUT"`));
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect({ code, end: eventsIn(stdout).find(({ type }) => type === 'step-ended') }).toMatchObject({ code: 1, end: { end: 'failed', failure: { code: why } } });
  });
});
