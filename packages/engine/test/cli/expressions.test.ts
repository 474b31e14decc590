import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { eventsIn, pipeline, test } from './side-by-side.ts';

const nasty = `a "b" 'c' $(touch pwned) \`touch pwned\` ; touch pwned & | > pwned\n$HOME \${HOME} \\n %s *\n`;

describe.concurrent('expressions', () => {
  test('the text of an input reaches a command unharmed, quoted or not', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
inputs: { text: { type: string, required: true } }
stages:
  one:
    steps:
      - { id: bare, run: "printf %s \${{ inputs.text }} > bare" }
      - { id: quoted, run: 'printf %s "\${{ inputs.text }}" > quoted' }
      - { id: listed, run: [sh, -c, 'printf %s "$1" > listed', sh, "\${{ inputs.text }}"] }
      - { id: by-env, run: 'printf %s "$TEXT" > by-env', env: { TEXT: "\${{ inputs.text }}" } }
      - { id: inside, run: 'printf %s "<\${{ inputs.text }}>" > inside' }
      - { id: passed-on, run: 'printf "x<<E-O-F\\n%s\\nE-O-F\\n" \${{ inputs.text }} >> $RELPIPE_OUTPUT', outputs: { x: string } }
      - { id: from-output, run: 'printf %s "\${{ steps.passed-on.outputs.x }}" > from-output' }
      - { id: hear, run: 'cat > heard <<< "\${{ inputs.text }}"' }
`),
    );
    const { code, stdout, stderr } = await folder.relpipe('run', '-i', `text=${nasty}`);
    expect(code, stdout + stderr).toBe(0);
    const text = (file: string) => readFileSync(join(folder.path, file), 'utf8');
    expect(['bare', 'quoted', 'listed', 'by-env', 'from-output'].map(text)).toEqual(Array(5).fill(nasty));
    expect(text('inside')).toBe(`<${nasty}>`);
    expect(text('heard')).toBe(`${nasty}\n`);
    expect(folder.lines('pwned')).toEqual([]);
  });

  test('a field that takes only text gets every other value printed', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
inputs: { number: { type: integer, default: 3 }, yes: { type: boolean, default: true }, phase: { type: duration, default: 90s } }
stages:
  one:
    steps:
      - { id: give, run: "echo n=5 >> $RELPIPE_OUTPUT", outputs: { n: integer } }
      - id: by-env
        run: 'test "$NUMBER $YES $PHASE $N" = "3 true 1m30s 5"'
        env: { NUMBER: "\${{ inputs.number }}", YES: "\${{ inputs.yes }}", PHASE: "\${{ inputs.phase }}", N: "\${{ steps.give.outputs.n }}" }
      - { id: listed, run: [test, "\${{ steps.give.outputs.n }}\${{ inputs.yes }}", =, 5true] }
      - { id: alone, run: [test, "\${{ inputs.number }}", =, "3"] }
`),
    );
    const { code, stdout, stderr } = await folder.relpipe('run');
    expect(code, stdout + stderr).toBe(0);
  });

  test('a kebab name may end with a word that begins names', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
inputs: { dry-run: { type: boolean, default: false }, all-steps: { type: integer, default: 1 } }
stages:
  one:
    when: "!inputs.dry-run"
    steps:
      - { id: test-run, run: "echo the-outputs=2 >> $RELPIPE_OUTPUT", outputs: { the-outputs: integer } }
      - { id: read, run: "test \${{ steps.test-run.outputs.the-outputs - inputs.all-steps }} = 1" }
`),
    );
    const { code, stdout, stderr } = await folder.relpipe('run');
    expect(code, stdout + stderr).toBe(0);
  });

  test('units and versions have arithmetic and an order', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
inputs:
  version: { type: semver, required: true }
  phase: { type: duration, default: 90s }
  weight: { type: percent, default: 10% }
  room: { type: size, default: 1GiB }
stages:
  one:
    steps:
      - { id: a, when: "inputs.version > semver('1.9.0') && inputs.version.bump(semver('1.9.4')) == 'minor'", run: "true" }
outputs:
  twice: "\${{ inputs.phase * 2 }}"
  sum: "\${{ inputs.phase + duration('30s') }}"
  minor: "\${{ inputs.version.minor }}"
  text: "v\${{ inputs.version }} after \${{ inputs.phase }} at \${{ inputs.weight }} in \${{ inputs.room }}"
`),
    );
    const { code, stdout, stderr } = await folder.relpipe('run', '--json', '-i', 'version=1.10.0');
    expect({ code, over: eventsIn(stdout).at(-1) }, stderr).toMatchObject({
      code: 0,
      over: { outputs: { twice: '3m', sum: '2m', minor: 10, text: 'v1.10.0 after 1m30s at 10% in 1GiB' } },
    });
    expect(eventsIn(stdout).find(({ type }) => type === 'step-ended')).toMatchObject({ end: 'succeeded' });
  });

  test.for([
    ['version=1.4', 'semver'],
    ['phase=15', 'duration'],
    ['weight=0.1', 'percent'],
    ['weight=60%', 'max'],
    ['strategy=other', 'strategy'],
    ['surprise=1', 'surprise'],
    ['novalue', 'name=value'],
  ] as const)('the input %s is refused with a sentence that contains %s', async ([input, word], { folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
inputs:
  version: { type: semver, default: 1.0.0 }
  phase: { type: duration, default: 1s }
  weight: { type: percent, default: 10%, max: 50% }
  strategy: { type: choice, options: [direct, canary], default: direct }
stages: { one: { steps: [{ id: a, run: touch ran }] } }
`),
    );
    const { code, stdout, stderr } = await folder.relpipe('run', '-i', input);
    expect({ code, stdout, ran: folder.lines('ran') }).toEqual({ code: 2, stdout: '', ran: [] });
    expect(stderr).toContain(word);
    expect(existsSync(join(folder.path, '.relpipe/journal.db'))).toBe(false);
  });
});
