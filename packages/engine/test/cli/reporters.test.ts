import type { Folder } from '@relpipe/testing/relpipe-folder';
import { describe } from 'vitest';
import type { ReportedEvent } from '../../src/contract/index.ts';
import { test } from './side-by-side.ts';

/** `tell` writes what it is told into a file, one JSON line a call; the others misbehave. */
const plugin = `
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
const schema = (properties, required = []) => ({ type: 'object', properties, required, additionalProperties: false });
const never = () => new Promise(() => {});
export default {
  name: 'board',
  contract: 1,
  reporters: {
    tell: {
      summary: 'Tells a file',
      with: schema({ to: { type: 'string' }, token: { type: 'string', 'x-relpipe': 'secret' } }, ['to']),
      verify: async ({ to }) => (to === 'nowhere' ? [{ level: 'error', code: 'BOARD_NOWHERE', message: 'There is no such place.', at: ['to'] }] : []),
      report: async ({ to, token }, events, { workdir }) => appendFileSync(join(workdir, to), JSON.stringify({ token: token?.reveal().length, events }) + '\\n'),
    },
    throws: { summary: 'Throws', with: schema({}), report() { throw new Error('no board, and the token is ' + process.env.TOKEN); } },
    hangs: { summary: 'Hangs', with: schema({}), report: never },
    'waits-for-its-signal': { summary: 'Waits', with: schema({}), report: (_, events, { signal }) => new Promise((_, no) => signal.addEventListener('abort', () => no(signal.reason))) },
  },
};`;

const board = {
  'node_modules/board/package.json': JSON.stringify({ name: 'board', version: '1.0.0', type: 'module', exports: './index.js' }),
  'node_modules/board/index.js': plugin,
};

const pipelineOf = (reporters: string, rest: string) => ({
  ...board,
  'release.pipeline.yaml': `relpipe: 1\nname: shop\nplugins: { board: "*" }\nsecrets: { TOKEN: {} }\ninputs: { to: { type: string, default: told } }\nreporters: [${reporters}]\n${rest}`,
});

const tell = '{ uses: board.tell, with: { to: "${{ inputs.to }}", token: "${{ secrets.TOKEN }}" } }';
const token = { TOKEN: 'a-secret-token' };

interface Telling {
  readonly token?: number;
  readonly events: readonly ReportedEvent[];
}

const tellings = (folder: Folder): Telling[] => folder.lines('told').map((line) => JSON.parse(line) as Telling);
const typesOf = ({ events }: Telling): string[] => events.map(({ type }) => type);
const runs = (folder: Folder, ...args: readonly string[]) => folder.start(args, token).finished;

describe.concurrent('a reporter', () => {
  test('a reporter gets everything that happened when the run is over, with secrets masked', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf(tell, 'stages: { one: { steps: [{ id: hi, run: "true", rollback: none }, { id: bad, run: "echo $T >&2; exit 3", env: { T: "${{ secrets.TOKEN }}" } }] } }'));
    const { code, stderr } = await runs(folder, 'run');
    expect(code, stderr).toBe(1);
    const [told, ...others] = tellings(folder);
    expect(others).toEqual([]);
    expect(typesOf(told!)).toEqual(expect.arrayContaining(['run-started', 'step-ended', 'mode-changed', 'run-over']) as string[]);
    expect(told).toMatchObject({ token: token.TOKEN.length });
    expect(told!.events.at(0)).toMatchObject({ type: 'run-started', plan: { name: 'shop', inputs: { to: 'told' } } });
    expect(told!.events.at(-1)).toMatchObject({ type: 'run-over', outcome: 'failed' });
    expect(JSON.stringify(told)).not.toContain(token.TOKEN);
  });

  test('a reporter gets the whole run again when another process has resumed it', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf(tell, 'stages: { one: { steps: [{ id: hi, run: "true" }, { id: sure, approval: "Sure?" }] } }'));
    expect((await runs(folder, 'run', '--park-after', '0s')).code).toBe(75);
    await runs(folder, 'approve');
    expect((await runs(folder, 'resume')).code).toBe(0);
    const [parked, over] = tellings(folder);
    expect(parked!.events.at(-1)).toMatchObject({ type: 'parked', asks: ['one/sure'] });
    expect(over!.events.at(-1)).toMatchObject({ type: 'run-over', outcome: 'succeeded' });
    const recorded = parked!.events.slice(0, -1);
    expect(over!.events.slice(0, recorded.length)).toEqual(recorded);
  });

  test('a reporter is notified when a run is paused, and again when it is over', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf(tell, 'stages: { one: { steps: [{ id: bad, run: "test -e go", idempotent: true, retry: { attempts: 1 }, on-failure: pause }] } }'));
    expect((await runs(folder, 'run')).code).toBe(6);
    await runs(folder, 'rollback', '--reason', 'no');
    const [paused, over] = tellings(folder).map(({ events }) => events.at(-1));
    expect(paused).toMatchObject({ type: 'paused', because: expect.stringContaining('one/bad') as string });
    expect(over).toMatchObject({ type: 'run-over' });
  });

  test('a reporter is notified when a signal interrupted the run', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf(tell, 'stages: { one: { steps: [{ id: slow, run: "echo began > began; sleep 60", idempotent: true }] } }'));
    const run = folder.start(['run'], token);
    await folder.appears('began');
    run.child.kill('SIGTERM');
    expect((await run.finished).code).toBe(143);
    expect(tellings(folder).at(-1)!.events.at(-1)).toMatchObject({ type: 'interrupted' });
  });

  test('a reporter learns from the process that resumes a run what a killed one could not report', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf(tell, 'stages: { one: { steps: [{ id: slow, run: "echo began >> began; until test -e go; do sleep 0.02; done", idempotent: true }] } }'));
    const run = folder.start(['run'], token);
    await folder.appears('began');
    run.child.kill('SIGKILL');
    await run.finished;
    expect(tellings(folder)).toEqual([]);
    await folder.start(['rollback', '--reason', 'enough'], token).finished;
    await runs(folder, 'resume');
    expect(typesOf(tellings(folder).at(-1)!)).toEqual(expect.arrayContaining(['run-started', 'commanded', 'run-over']) as string[]);
  });

  test('a reporter that fails or does not finish is one line each, and changes nothing about the run nor about the others', async ({ folderWith, expect }) => {
    const misbehaving = ['throws', 'hangs', 'waits-for-its-signal'].map((name) => `{ uses: board.${name} }`).join(', ');
    const folder = await folderWith(pipelineOf(`${misbehaving}, ${tell}`, 'stages: { one: { steps: [{ id: hi, run: "echo hi" }] } }'));
    const { code, stdout, stderr } = await runs(folder, 'run', '--json');
    expect({ code, told: tellings(folder).length }, stderr).toEqual({ code: 0, told: 1 });
    expect(stdout.trim().split('\n').map((line) => JSON.parse(line) as ReportedEvent).at(-1)).toMatchObject({ type: 'run-over' });
    expect(stderr.trim().split('\n').toSorted()).toEqual([
      'board.hangs did not report this run: it did not finish within 10 s.',
      'board.throws did not report this run: no board, and the token is ***',
      'board.waits-for-its-signal did not report this run: it did not finish within 10 s.',
    ]);
  });

  test('a reporter is asked before the run, and may refuse it', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf('{ uses: board.tell, with: { to: nowhere } }', 'stages: { one: { steps: [{ id: hi, run: "echo ran > ran" }] } }'));
    const { code, stderr } = await runs(folder, 'run');
    expect({ code, ran: folder.lines('ran') }).toEqual({ code: 2, ran: [] });
    expect(stderr).toMatch(/release\.pipeline\.yaml:6:\d+: error BOARD_NOWHERE/);
  });
});

test('a plan without reporters has no key for them', async ({ folderWith, expect }) => {
  const folder = await folderWith(pipelineOf('', 'stages: { one: { steps: [{ id: hi, run: "echo hi" }] } }'));
  const { stdout } = await folder.start(['plan', '--json'], token).finished;
  expect(JSON.parse(stdout)).not.toHaveProperty('plan.reporters');
});
