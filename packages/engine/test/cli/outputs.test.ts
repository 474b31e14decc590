import { describe } from 'vitest';
import { eventsIn, pipeline, test } from './side-by-side.ts';

const giving = (declared: string, command: string) =>
  pipeline(`stages: { one: { steps: [{ id: give, outputs: ${declared}, run: ${JSON.stringify(command)} }] } }\noutputs: { all: "\${{ steps.give.outputs.x }}" }`);

const values = [
  ['string', ' a "b" ', ' a "b" '],
  ['boolean', 'true', true],
  ['integer', '-42', -42],
  ['number', '2.50', 2.5],
  ['semver', '1.4.0-rc.1', '1.4.0-rc.1'],
  ['percent', '12.5%', '12.5%'],
  ['duration', '90s', '1m30s'],
  ['size', '512MiB', '512MiB'],
  ['time', '2026-12-01T10:00:00+01:00', '2026-12-01T09:00:00Z'],
  ['list', '[1,"two"]', [1, 'two']],
  ['map', '{"a":{"b":null}}', { a: { b: null } }],
  ['path', 'dist/a b.tgz', 'dist/a b.tgz'],
] as const;

describe.concurrent('outputs', () => {
  test('outputs of every type arrive in their canonical form', async ({ folderWith, expect }) => {
    const declared = values.map(([type]) => `a-${type}: ${type}`).join(', ');
    const lines = values.map(([type, text]) => `a-${type}=${text}`).join('\n');
    const outputs = values.map(([type]) => `  ${type}: "\${{ steps.give.outputs.a-${type} }}"`).join('\n');
    const folder = await folderWith({
      ...pipeline(`stages: { one: { steps: [{ id: give, run: "cat given >> $RELPIPE_OUTPUT", outputs: { ${declared} } }] } }\noutputs:\n${outputs}\n`),
      given: `${lines}\n`,
    });
    const { code, stdout, stderr } = await folder.relpipe('run', '--json');
    expect({ code, over: eventsIn(stdout).at(-1) }, stderr).toMatchObject({ code: 0, over: { outputs: Object.fromEntries(values.map(([type, , value]) => [type, value])) } });
  });

  test('outputs of several lines arrive whole', async ({ folderWith, expect }) => {
    const folder = await folderWith(giving('{ x: string }', 'printf "x<<END\\na\\n\\nb=c\\nEND\\n" >> "$RELPIPE_OUTPUT"'));
    const { stdout } = await folder.relpipe('run', '--json');
    expect(eventsIn(stdout).at(-1)).toMatchObject({ outputs: { all: 'a\n\nb=c' } });
  });

  test('outputs that are undeclared, missing, of another type, without a unit or unreadable fail their step', async ({ folderWith, expect }) => {
    const wrong = [
      ['undeclared', '{ x: string }', 'printf "x=1\\ny=2\\n"', 'REL_OUTPUT_UNDECLARED'],
      ['missing', '{ x: string, y: string }', 'echo x=1', 'REL_OUTPUT_MISSING'],
      ['other-type', '{ x: integer }', 'echo x=1.5', 'REL_OUTPUT_TYPE_MISMATCH'],
      ['no-unit', '{ x: duration }', 'echo x=15', 'REL_OUTPUT_TYPE_MISMATCH'],
      ['unreadable', '{ x: string }', 'echo what is this', 'REL_VALUES_UNREADABLE'],
      ['twice', '{ x: string, log: string }', 'printf "x=1\nlog<<END\nfixed\nEND\nx=9\nEND\n"', 'REL_VALUES_UNREADABLE'],
    ] as const;
    const steps = wrong.map(([id, declared, command]) => `      - { id: ${id}, on-failure: continue, outputs: ${declared}, run: ${JSON.stringify(`${command} >> $RELPIPE_OUTPUT`)} }`);
    const folder = await folderWith(pipeline(['stages:', '  one:', '    steps:', ...steps].join('\n')));
    const { code, stdout } = await folder.relpipe('run', '--json');
    const why = eventsIn(stdout).flatMap(({ type, failure }) => (type === 'step-ended' ? [(failure as { code?: string } | undefined)?.code] : []));
    expect({ code, why }).toEqual({ code: 5, why: wrong.map(([, , , expected]) => expected) });
  });
});
