import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Folder } from '@relpipe/testing/relpipe-folder';
import { describe } from 'vitest';
import { eventsIn, pipeline, test } from './side-by-side.ts';

const value = 'hunter2+S3cr3t/välue';
const forms = [value, encodeURIComponent(value), Buffer.from(value).toString('base64'), Buffer.from(value).toString('hex')];

/** Files under `.relpipe` that contain the value in any of its forms. */
const betrayed = ({ path }: Folder): readonly string[] =>
  readdirSync(join(path, '.relpipe'), { recursive: true, encoding: 'utf8' }).filter((name) => {
    const file = join(path, '.relpipe', name);
    if (!statSync(file).isFile()) return false;
    const text = readFileSync(file);
    return forms.some((form) => text.includes(form));
  });

describe.concurrent('secrets', () => {
  test('secrets are masked in every encoding, in the log, the events, the report and the journal', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
secrets: { TOKEN: {} }
stages:
  one:
    steps:
      - id: show
        env: { GIVEN: "\${{ secrets.TOKEN }}" }
        run: |
          echo "plain $GIVEN"
          printf '%s' "$GIVEN" | base64
          printf '%s' "$GIVEN" | od -An -tx1 | tr -d ' \\n'; echo
          for c in $(printf '%s' "$GIVEN" | cut -c1-5) ; do printf %s "$c"; done; printf '%s\\n' "$GIVEN" | cut -c6-
          echo "on stderr: $GIVEN" >&2
      - { id: not-given, run: 'test -z "$TOKEN"' }
      - { id: fail, env: { GIVEN: "\${{ secrets.TOKEN }}" }, run: 'echo "cannot use $GIVEN"; exit 1' }
`),
    );
    const run = await folder.start(['run', '--report', '.relpipe/report.html'], { TOKEN: value }).finished;
    expect(run.code, run.stdout + run.stderr).toBe(1);
    expect(run.stdout).toContain('plain ');
    const logs = await folder.relpipe('logs');
    const json = await folder.relpipe('status', '--json');
    const seen = [run, logs, json].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    expect(seen.filter((text) => forms.some((form) => text.includes(form)))).toEqual([]);
    expect(betrayed(folder)).toEqual([]);
  });

  test.for([
    ['outputs', 'outputs: { x: string }, run: \'echo "x=<$GIVEN>" >> $RELPIPE_OUTPUT\''],
    ['state', 'run: \'echo "x=$GIVEN" >> $RELPIPE_STATE\', rollback: [{ id: back, run: "true" }]'],
  ] as const)('secrets are refused in %s, and nothing of it is recorded', async ([what, step], { folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`secrets: { TOKEN: {} }\nstages: { one: { steps: [{ id: leak, env: { GIVEN: "\${{ secrets.TOKEN }}" }, ${step} }] } }`),
    );
    const { code, stdout } = await folder.start(['run', '--json'], { TOKEN: value }).finished;
    expect([1, 3], stdout).toContain(code);
    expect(eventsIn(stdout).find(({ type }) => type === 'step-ended')).toMatchObject({ end: 'failed', failure: { code: 'REL_SECRET_IN_OUTPUT' } });
    expect({ what, betrayed: betrayed(folder) }).toEqual({ what, betrayed: [] });
  });

  test('secrets are masked in the verdict on a metric whose query failed', async ({ folderWith, expect }) => {
    const folder = await folderWith({
      ...pipeline(`
secrets: { TOKEN: {} }
gates: { health: { every: 100ms, metrics: { errors: { run: 'echo "refused $(cat told)" >&2; exit 1', unit: count, threshold: { max: 1 }, no-data: inconclusive } } } }
stages: { one: { steps: [{ id: wait, hold: 200ms, timeout: 500ms, gates: [health] }] } }`),
      told: value,
    });
    const run = await folder.start(['run', '--report', '.relpipe/report.html'], { TOKEN: value }).finished;
    expect(run.stdout).toContain('refused ***');
    expect({ shown: run.stdout.includes(value), betrayed: betrayed(folder) }).toEqual({ shown: false, betrayed: [] });
  });

  test('secrets are masked in what a plugin reports before the run, and in what it writes itself with their help', async ({ folderWith, expect }) => {
    const folder = await folderWith({
      ...pipeline(`plugins: { relpipe-plugin-teller: "*" }
secrets: { TOKEN: {}, SHORT: {} }
stages: { one: { steps: [{ id: a, uses: teller.tell }] } }`),
      'node_modules/relpipe-plugin-teller/package.json': JSON.stringify({ name: 'relpipe-plugin-teller', version: '1.0.0', type: 'module', exports: './index.js' }),
      'node_modules/relpipe-plugin-teller/index.js': `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
const words = 'it is ${value}';
const tell = {
  summary: 'Tells', with: { type: 'object', properties: {} }, outputs: { type: 'object', properties: {} }, onLost: 'retry', rollback: 'nothing',
  verify: async () => [{ level: 'warning', code: 'TELLER_SAYS', message: words, hint: words }],
  preview: async () => ({ change: words, undo: words }),
  run: async (_config, { workdir, mask }) => (writeFileSync(join(workdir, 'written'), mask(words)), {}),
};
export default { name: 'teller', contract: 1, steps: { tell } };`,
    });
    const plan = await folder.start(['plan'], { TOKEN: value, SHORT: 'x' }).finished;
    const run = await folder.start(['run'], { TOKEN: value, SHORT: 'long enough' }).finished;
    for (const { code, stdout, stderr } of [plan, run]) {
      expect({ code, shown: `${stdout}${stderr}`.includes(value) }, stdout + stderr).toEqual({ code: 0, shown: false });
      expect(stderr + stdout).toContain('it is ***');
    }
    expect(folder.lines('written')).toEqual(['it is ***']);
  });

  test('what a plugin prints, and an error that nobody awaits, leave no secret, and standard output to the engine', async ({ folderWith, expect }) => {
    const folder = await folderWith({
      ...pipeline(`plugins: { relpipe-plugin-loud: "*" }
inputs: { throws: { type: boolean, default: false } }
secrets: { TOKEN: {} }
stages: { one: { steps: [{ id: a, uses: loud.say, with: { throws: "\${{ inputs.throws }}" } }] } }`),
      'node_modules/relpipe-plugin-loud/package.json': JSON.stringify({ name: 'relpipe-plugin-loud', version: '1.0.0', type: 'module', exports: './index.js' }),
      'node_modules/relpipe-plugin-loud/index.js': `
const say = {
  summary: 'Says it', with: { type: 'object', properties: { throws: { type: 'boolean' } } }, outputs: { type: 'object', properties: {} }, onLost: 'retry', rollback: 'nothing',
  run: async ({ throws }) => {
    console.log('said ${value}', { token: '${value}' });
    console.error('also ${value}');
    if (throws) setTimeout(() => { throw new Error('late ${value}'); }, 10);
    return new Promise((resolve) => setTimeout(() => resolve({}), 200));
  },
};
export default { name: 'loud', contract: 1, steps: { say } };`,
    });
    const well = await folder.start(['run', '--json'], { TOKEN: value }).finished;
    expect({ code: well.code, shown: `${well.stdout}${well.stderr}`.includes(value) }, well.stderr).toEqual({ code: 0, shown: false });
    expect(well.stderr).toContain('said ***');
    for (const line of well.stdout.trim().split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow();
    const late = await folder.start(['run', '--input', 'throws=true'], { TOKEN: value }).finished;
    expect({ code: late.code, shown: `${late.stdout}${late.stderr}`.includes(value) }, late.stderr).toEqual({ code: 70, shown: false });
    expect(late.stderr).toContain('late ***');
  });

  test('secrets that are missing, empty or too short are refused before anything starts', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline('secrets: { TOKEN: {} }\nstages: { one: { steps: [{ id: a, run: touch ran }] } }'));
    for (const env of [{}, { TOKEN: '' }, { TOKEN: 'ab' }]) {
      const { code, stderr } = await folder.start(['run'], env).finished;
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('TOKEN') as string });
    }
    expect((await folder.relpipe('runs', '--json')).stdout).toBe('');
  });

  const upload = (rollback: string, end = '') =>
    pipeline(`secrets: { UPLOAD_TOKEN: {} }
stages:
  one:
    steps:
      - { id: upload, env: { GIVEN: "\${{ secrets.UPLOAD_TOKEN }}" }, run: 'test -n "$GIVEN" && echo uploaded >> effects', rollback: [{ id: remove, ${rollback} }] }
      - { id: sure, approval: "Sure?" }
      - { id: again, env: { GIVEN: "\${{ secrets.UPLOAD_TOKEN }}" }, run: 'test -n "$GIVEN"' }
${end}`);
  const usesIt = 'env: { GIVEN: "${{ secrets.UPLOAD_TOKEN }}" }, run: \'test -n "$GIVEN" && echo removed >> effects\'';

  test('secrets that only steps of the past used are not needed for a rollback, which rolls back without them', async ({ folderWith, expect }) => {
    const folder = await folderWith(upload('run: echo removed >> effects'));
    await folder.start(['run', '--park-after', '0s'], { UPLOAD_TOKEN: value }).finished;
    const { code, stdout, stderr } = await folder.relpipe('rollback', '--reason', 'not this one');
    expect({ code, effects: folder.lines('effects') }, stdout + stderr).toEqual({ code: 3, effects: ['uploaded', 'removed'] });
  });

  test.for([
    ['the rollback uses', upload(usesIt)],
    ['a step of finally uses', upload('run: echo removed >> effects', `finally: [{ id: end, ${usesIt} }]`)],
  ] as const)('secrets that %s are needed for a rollback, which stays recorded until they are there', async ([, files], { folderWith, expect }) => {
    const folder = await folderWith(files);
    await folder.start(['run', '--park-after', '0s'], { UPLOAD_TOKEN: value }).finished;
    const refused = await folder.relpipe('rollback', '--reason', 'not this one');
    expect({ code: refused.code, stderr: refused.stderr, effects: folder.lines('effects') }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/UPLOAD_TOKEN[^]*The rollback is recorded/) as string,
      effects: ['uploaded'],
    });
    const resumed = await folder.start(['resume'], { UPLOAD_TOKEN: value }).finished;
    expect({ code: resumed.code, effects: folder.lines('effects').slice(0, 2) }, resumed.stdout).toEqual({ code: 3, effects: ['uploaded', 'removed'] });
  });

  test('secrets that only steps of the past used are not needed to resume a run either', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`secrets: { UPLOAD_TOKEN: {} }
stages: { one: { steps: [{ id: use, env: { GIVEN: "\${{ secrets.UPLOAD_TOKEN }}" }, run: 'test -n "$GIVEN"' }, { id: sure, approval: "Sure?" }, { id: last, run: "true" }] } }`),
    );
    await folder.start(['run', '--park-after', '0s'], { UPLOAD_TOKEN: value }).finished;
    await folder.relpipe('approve');
    expect((await folder.relpipe('resume')).code).toBe(0);
  });

  test('secrets are needed again to resume a run whose next steps use them', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`secrets: { TOKEN: {} }
stages: { one: { steps: [{ id: sure, approval: "Sure?" }, { id: use, env: { GIVEN: "\${{ secrets.TOKEN }}" }, run: 'test -n "$GIVEN"' }] } }`),
    );
    await folder.start(['run', '--park-after', '0s'], { TOKEN: value }).finished;
    await folder.relpipe('approve');
    expect((await folder.relpipe('resume')).code).toBe(2);
    expect((await folder.start(['resume'], { TOKEN: value }).finished).code).toBe(0);
  });

  const publish = pipeline(`
inputs: { dry: { type: boolean, default: false } }
secrets: { UPLOAD_TOKEN: { required: false } }
stages:
  one:
    steps:
      - { id: sure, approval: "Sure?" }
      - { id: upload, when: has(secrets.UPLOAD_TOKEN) && !inputs.dry, env: { GIVEN: "\${{ secrets.UPLOAD_TOKEN }}" }, run: 'test -n "$GIVEN" && echo uploaded >> effects' }
      - { id: say, run: echo said >> effects }
`);
  const park = ['--park-after', '0s'];

  test('an optional secret that is missing when the plan is made stays missing, also when it is there later', async ({ folderWith, expect }) => {
    const folder = await folderWith(publish);
    expect((await folder.relpipe('plan')).stdout).toContain('one/upload: does not run with these inputs');
    expect((await folder.start(['run', ...park], { UPLOAD_TOKEN: '' }).finished).code).toBe(75);
    await folder.relpipe('approve');
    expect((await folder.start(['resume'], { UPLOAD_TOKEN: value }).finished).code).toBe(0);
    expect(folder.lines('effects')).toEqual(['said']);
  });

  test('an optional secret that is there when the plan is made is needed as long as a step may use it', async ({ folderWith, expect }) => {
    const folder = await folderWith(publish);
    expect((await folder.start(['run', ...park], { UPLOAD_TOKEN: value }).finished).code).toBe(75);
    await folder.relpipe('approve');
    expect(await folder.relpipe('resume')).toMatchObject({ code: 2, stderr: expect.stringContaining('UPLOAD_TOKEN') as string });
    expect((await folder.start(['resume'], { UPLOAD_TOKEN: value }).finished).code).toBe(0);
    expect(folder.lines('effects')).toEqual(['uploaded', 'said']);
  });

  test('secrets of steps that do not run with these inputs are not needed', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
inputs: { dry: { type: boolean } }
secrets: { TOKEN: {} }
stages:
  one: { when: "!inputs.dry", steps: [{ id: use, env: { GIVEN: "\${{ secrets.TOKEN }}" }, run: 'test -n "$GIVEN"' }] }
`),
    );
    expect((await folder.relpipe('run', '-i', 'dry=true')).code).toBe(0);
    expect(await folder.relpipe('run', '-i', 'dry=false')).toMatchObject({ code: 2, stderr: expect.stringContaining('REL_SECRETS_MISSING') as string });
  });

  test('a secret comes from the variable that the file names for the environment, which commands do not inherit', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
environments: { staging: {}, production: {} }
secrets: { TOKEN: { from: "\${{ run.environment == 'production' ? 'PROD_TOKEN' : 'TEST_TOKEN' }}" } }
stages: { one: { steps: [{ id: use, env: { GIVEN: "\${{ secrets.TOKEN }}" }, run: 'test "\${GIVEN%-of-them}" = right-one && test -z "$PROD_TOKEN$TOKEN" && echo used $GIVEN' }] } }
`),
    );
    const variables = { PROD_TOKEN: 'right-one-of-them', TEST_TOKEN: 'the-other-one', TOKEN: 'not-this-one' };
    const { code, stdout } = await folder.start(['run', '-e', 'production', '--json'], variables).finished;
    expect({ code, shown: stdout.includes('right-one-of-them') }, stdout).toEqual({ code: 0, shown: false });
    expect(await folder.start(['run', '-e', 'staging'], { PROD_TOKEN: 'right-one-of-them' }).finished).toMatchObject({ code: 2, stderr: expect.stringContaining('TEST_TOKEN') as string });
  });
});
