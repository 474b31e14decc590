import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@relpipe/testing/wait-until';
import { describe } from 'vitest';
import { test, token } from './own-plugin.ts';

/** A first step that puts something live, and how it is rolled back. */
const acts = '{ id: before, run: "echo do >> effects", rollback: [{ id: back, run: "echo restored >> effects" }] }';
const withToken = 'with: { token: "${{ secrets.TOKEN }}" }';

/** Each was a fault of relpipe: whatever code of a plugin does, the engine decides how the run ends, and what is printed and kept. */
describe.concurrent('a plugin that misbehaves', () => {
  test.for([0, 1, 143])('exit-in-a-plugin-says-succeeded: a step that ends the process with %i interrupts the run, with 70 and the command that resumes it', async (exitCode, { playing, expect }) => {
    const folder = await playing({
      pipeline: `stages: { a: { steps: [${acts}, { id: leaves, uses: own.leave }, { id: after, run: "echo after >> effects" }] } }`,
      types: `const leave = defineStep({ ...base, async run(_, { attempt }) { if (attempt === 1) process.exit(${String(exitCode)}); throw new StepError('OWN_NO', 'no'); } });`,
      provides: 'steps: { leave }',
    });
    const { code, stderr } = await folder.run('run');
    expect({ code, stderr, effects: folder.lines('effects') }).toEqual({ code: 70, stderr: expect.stringContaining('relpipe resume') as string, effects: ['do'] });
    expect({ code: (await folder.run('resume')).code, effects: folder.lines('effects') }).toEqual({ code: 3, effects: ['do', 'restored'] });
  });

  test.for([
    ['a promise that nobody awaits', "Promise.reject(new Error('late ' + token.reveal()))"],
    ['a timer', "setTimeout(() => { throw new Error('late ' + token.reveal()); })"],
  ] as const)('late-throw-exits-1: an error in %s interrupts the run with 70, masked, and ends the command beside it', async ([, throws], { playing, expect }) => {
    const folder = await playing({
      pipeline: `secrets: { TOKEN: {} }
stages:
  a:
    parallel: true
    steps:
      - ${acts}
      - { id: beside, run: "echo $$ > pid; sleep 60; echo orphan >> effects", rollback: none }
      - { id: throws, needs: [before], uses: own.late, ${withToken} }`,
      types: `const late = defineStep({ ...base, async run({ token }) { await appears('pid'); ${throws}; await pause(60_000); return {}; } });`,
      provides: 'steps: { late }',
    });
    const { code, stdout, stderr } = await folder.run('run');
    expect({ code, stderr }, stdout).toEqual({ code: 70, stderr: expect.stringMatching(/late \*\*\*[^]*relpipe resume/) as string });
    expect(stdout + stderr).not.toContain(token);
    await until(() => !isAlive(Number(folder.lines('pid')[0])));
    expect(folder.lines('effects')).toEqual(['do']);
  });

  test.for([
    ['has no text', "throw { toString() { throw new Error('no text'); } }"],
    ['is an error whose message throws', "throw Object.defineProperty(new Error('x'), 'message', { get() { throw new Error('no message'); } })"],
    ['is a StepError whose code throws', "throw Object.defineProperty(new StepError('OWN_X', 'x'), 'code', { get() { throw new Error('no code'); } })"],
  ] as const)('thrown-value-breaks-every-resume: a thrown value that %s fails its step, and the run rolls back', async ([, throws], { playing, expect }) => {
    const folder = await playing({
      pipeline: `stages: { a: { steps: [${acts}, { id: throws, uses: own.odd }] } }`,
      types: `const odd = defineStep({ ...base, async run() { ${throws}; } });`,
      provides: 'steps: { odd }',
    });
    const { code, stderr } = await folder.run('run');
    expect({ code, effects: folder.lines('effects') }, stderr).toEqual({ code: 3, effects: ['do', 'restored'] });
  });

  test('object-as-error-code: a StepError made of an object is a failure with a code, masked everywhere, and has a report', async ({ playing, expect }) => {
    const folder = await playing({
      pipeline: `secrets: { TOKEN: {} }\nstages: { a: { steps: [{ id: fails, uses: own.fail, ${withToken} }] } }`,
      types: "const fail = defineStep({ ...base, async run({ token }) { throw new StepError({ code: 'OWN_X', message: 'wrong: ' + token.reveal() }); } });",
      provides: 'steps: { fail }',
    });
    const { code, stdout, stderr } = await folder.run('run', '--json');
    expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: expect.stringMatching(/"code":"REL_STEP_THREW"/) as string });
    expect(stdout + stderr).not.toContain(token);
    expect((await folder.run('report', '-o', 'report.html')).code).toBe(0);
    expect(filesWith(folder.path, token)).toEqual([]);
  });

  test('plugin-print-breaks-json, plugin-prints-a-secret: what step code prints is masked on standard error, and standard output stays JSON', async ({ playing, expect }) => {
    const folder = await playing({
      pipeline: `secrets: { TOKEN: {} }\nstages: { a: { steps: [{ id: prints, uses: own.print, ${withToken} }] } }`,
      types: "const print = defineStep({ ...base, async run({ token }) { console.log('debug', { authorization: token.reveal() }); console.error('hello', token.reveal()); return {}; } });",
      provides: 'steps: { print }',
    });
    const { code, stdout, stderr } = await folder.run('run', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: "debug { authorization: '***' }\nhello ***\n" });
    expect(stdout.trimEnd().split('\n').filter((line) => !isJson(line))).toEqual([]);
  });

  test('progress-text-unmasked: a field of a progress that the contract does not have is left out', async ({ playing, expect }) => {
    const folder = await playing({
      pipeline: `secrets: { TOKEN: {} }\nstages: { a: { steps: [{ id: works, uses: own.work, ${withToken} }] } }`,
      types: "const work = defineStep({ ...base, async run({ token }, { progress }) { progress({ done: 1, of: 2, note: 'half', text: token.reveal() }); return {}; } });",
      provides: 'steps: { work }',
    });
    const { code, stdout, stderr } = await folder.run('run', '--json');
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: expect.stringMatching(/"type":"progress".*"note":"half"/) as string });
    expect(stdout + stderr).not.toContain(token);
  });

  test('cyclic-measurement-breaks-the-run: a measurement that contains itself is an error of its sample, and the run rolls back', async ({ playing, expect }) => {
    const folder = await playing({
      pipeline: `gates: { health: { every: 50ms, metrics: { m: { uses: own.m, threshold: { max: 5 }, no-data: inconclusive } } } }
stages: { a: { steps: [${acts}, { id: watch, hold: 100ms, at-end: fail, gates: [health] }] } }`,
      types: `const cycle = {}; cycle.itself = cycle;
const m = defineMetric({ summary: 'Measures', with: Type.Object({}), unit: 'count', answersForThePast: false,
  async measure(_with, _request, { clock }) { return [{ at: clock.now(), value: 1, samples: 1, query: 'q', raw: cycle, warnings: [] }]; } });`,
      provides: 'metrics: { m }',
    });
    const { code, stdout, stderr } = await folder.run('run', '--park-after', 'never');
    expect({ code, effects: folder.lines('effects'), stdout }, stderr).toEqual({ code: 3, effects: ['do', 'restored'], stdout: expect.stringContaining('it contains itself') as string });
  });

  test('a step that adds toJSON to all objects does not change the record: the run can be shown', async ({ playing, expect }) => {
    const folder = await playing({
      pipeline: `stages: { a: { steps: [${acts}, { id: adds, uses: own.add }, { id: after, run: "echo after >> effects", rollback: none }] } }`,
      types: "const add = defineStep({ ...base, async run() { Object.prototype.toJSON = () => 'gone'; return {}; } });",
      provides: 'steps: { add }',
    });
    const { code, stdout, stderr } = await folder.run('run', '--json');
    expect({ code, effects: folder.lines('effects') }, stderr).toEqual({ code: 0, effects: ['do', 'after'] });
    expect(stdout).not.toContain('gone');
    const status = await folder.run('status', '--json');
    expect({ code: status.code, ends: status.stdout.split('\n').filter((line) => line.includes('"type":"run-over"')).length }, status.stderr).toEqual({ code: 0, ends: 1 });
  });
});

const isJson = (line: string): boolean => {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const filesWith = (folder: string, text: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('node_modules'))
    .filter((name) => statSync(join(folder, name)).isFile() && readFileSync(join(folder, name)).includes(text));
