import type { Folder } from '@relpipe/testing/relpipe-folder';
import { describe } from 'vitest';
import type { Message, ReportedEvent } from '../../src/contract/index.ts';
import { test } from './side-by-side.ts';

/** `say` and `tell` write into a file, one JSON line a call: a message, or the whole run; the others misbehave. */
const plugin = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const schema = (properties, required = []) => ({ type: 'object', properties, required, additionalProperties: false });
const secret = { type: 'string', 'x-relpipe': 'secret' };
const append = (file, what) => appendFileSync(file, JSON.stringify(what) + '\\n');
const never = () => new Promise(() => {});
const stepError = (code, message, retryable) => Object.assign(new Error(message), { code, retryable, [Symbol.for('relpipe.step-error')]: true });
export default {
  name: 'board',
  contract: 1,
  channels: {
    tell: {
      summary: 'Keeps a file',
      with: schema({ to: { type: 'string' }, token: secret }, ['to']),
      verify: async ({ to }) => (to === 'nowhere' ? [{ level: 'error', code: 'BOARD_NOWHERE', message: 'There is no such place.', at: ['to'] }] : []),
      update: async ({ to, token }, events, { workdir }) => append(join(workdir, to), { token: token?.reveal().length, events }),
    },
    say: {
      summary: 'Appends to a file',
      with: schema({ to: { type: 'string' }, token: secret }, ['to']),
      send: async ({ to, token }, message, { workdir, idempotencyKey, attempt }) => append(join(workdir, to), { ...message, token: token?.reveal().length, idempotencyKey, attempt }),
    },
    stumbles: {
      summary: 'Needs a second attempt',
      with: schema({}),
      send: async (_, message, { workdir, attempt }) => {
        append(join(workdir, 'attempts'), { event: message.event, attempt, repetition: message.repetition });
        if (attempt === 1) throw stepError('BOARD_BUSY', 'nobody is there', true);
      },
    },
    'hangs-once': {
      summary: 'Hangs until its process is killed',
      with: schema({}),
      send: async (_, message, { workdir }) => {
        append(join(workdir, 'sent'), { event: message.event, repetition: message.repetition });
        const file = join(workdir, 'hung-' + message.event);
        if (existsSync(file)) return;
        writeFileSync(file, 'x');
        await never();
      },
    },
    throws: { summary: 'Throws', with: schema({}), send() { throw new Error('no board, and the token is ' + process.env.TOKEN); } },
    refuses: { summary: 'Refuses', with: schema({}), async send() { throw stepError('BOARD_CLOSED', 'the board is closed', false); } },
    hangs: { summary: 'Hangs', with: schema({}), send: never },
    'document-throws': { summary: 'Throws', with: schema({}), update() { throw stepError('BOARD_CLOSED', 'no board, and the token is ' + process.env.TOKEN, false); } },
  },
};`;

const board = {
  'node_modules/board/package.json': JSON.stringify({ name: 'board', version: '1.0.0', type: 'module', exports: './index.js' }),
  'node_modules/board/index.js': plugin,
};

const pipelineOf = (notify: string, rest: string) => ({
  ...board,
  'release.pipeline.yaml': `relpipe: 1\nname: shop\nplugins: { board: "*" }\nsecrets: { TOKEN: {} }\ninputs: { to: { type: string, default: told }, loud: { type: boolean, default: true } }\nnotify: [${notify}]\n${rest}`,
});

const tell = '{ uses: board.tell, with: { to: "${{ inputs.to }}", token: "${{ secrets.TOKEN }}" } }';
const say = (more = '') => `{ uses: board.say, with: { to: said, token: "\${{ secrets.TOKEN }}" }${more} }`;
const token = { TOKEN: 'a-secret-token' };
const fine = 'stages: { one: { steps: [{ id: hi, run: "echo hi", rollback: none }] } }';
const waits = 'stages: { one: { steps: [{ id: hi, run: "true", rollback: none }, { id: sure, approval: "Sure?" }] } }';

interface Telling {
  readonly token?: number;
  readonly events: readonly ReportedEvent[];
}
type Said = Message & { readonly token?: number; readonly idempotencyKey: string; readonly attempt: number };

const linesOf = <T>(folder: Folder, file: string): T[] => folder.lines(file).map((line) => JSON.parse(line) as T);
const tellings = (folder: Folder) => linesOf<Telling>(folder, 'told');
const sayings = (folder: Folder) => linesOf<Said>(folder, 'said');
const runs = (folder: Folder, ...args: readonly string[]) => folder.start(args, token).finished;

describe.concurrent('a channel that sends messages', () => {
  test('a channel is told while the run goes on, each thing once, with secrets masked', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf(say(), 'stages: { one: { runbook: Call the team., steps: [{ id: hi, run: "true", rollback: none }, { id: bad, run: "cat said > seen; echo $T >&2; exit 3", env: { T: "${{ secrets.TOKEN }}" } }] } }'));
    const { code, stdout, stderr } = await runs(folder, 'run');
    expect(code, stderr).toBe(1);
    expect(stdout).toContain('runbook: Call the team.');
    const said = sayings(folder);
    expect(said.map(({ event }) => event)).toEqual(['started', 'failed', 'ended']);
    expect(folder.lines('seen').length).toBe(1);
    expect(said[1]).toMatchObject({ pipeline: 'shop', inputs: { to: 'told', loud: true }, step: 'one/bad', stage: 'one', failure: { code: 'REL_COMMAND_FAILED' }, runbook: 'Call the team.', token: token.TOKEN.length, attempt: 1 });
    expect(said.map(({ idempotencyKey, run }) => idempotencyKey.replace(run, 'RUN'))).toEqual(['RUN/notify/1.0', 'RUN/notify/2.0', 'RUN/notify/3.0']);
    expect(JSON.stringify(said)).not.toContain(token.TOKEN);
  });

  test('a channel is told who is asked, with the commands to answer, and nothing twice by the process that resumes the run', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf(say(), waits));
    expect((await runs(folder, 'run', '--park-after', '0s')).code).toBe(75);
    await runs(folder, 'approve');
    expect((await runs(folder, 'resume')).code).toBe(0);
    const said = sayings(folder);
    expect(said.map(({ event }) => event)).toEqual(['started', 'waiting', 'succeeded']);
    expect(said[1]).toMatchObject({ step: 'one/sure', question: { kind: 'approve', text: 'Sure?', people: [] }, commands: [expect.stringContaining('relpipe approve'), expect.stringContaining('relpipe reject')] as string[] });
  });

  test('events, from and when limit what a channel is told', async ({ folderWith, expect }) => {
    const channels = [say(', events: [ended]'), say(', from: [hi]'), say(', when: "!inputs.loud"')];
    const folder = await folderWith(pipelineOf(channels.join(', '), fine));
    expect((await runs(folder, 'run')).code).toBe(0);
    expect(sayings(folder).map(({ event }) => event)).toEqual(['ended']);
    const { stdout } = await runs(folder, 'plan', '--input', 'loud=false');
    expect(stdout).toContain('Notifies: board.say (ended), board.say (from one/hi), board.say');
  });

  test('a message that did not arrive is sent again after a pause, and is not a repetition', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf('{ uses: board.stumbles, events: [ended] }', fine));
    const { code, stdout } = await runs(folder, 'run');
    expect({ code, attempts: linesOf(folder, 'attempts') }).toEqual({ code: 0, attempts: [{ event: 'ended', attempt: 1 }, { event: 'ended', attempt: 2 }] });
    expect(stdout).toContain('message "ended" to board.stumbles was not delivered, next attempt at');
  });

  test('after a kill a message that may have arrived is not repeated, unless somebody has to act on it; status lists the other one', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf('{ uses: board.hangs-once, events: [started] }, { uses: board.hangs-once, events: [waiting] }', waits));
    const run = folder.start(['run'], token);
    await folder.appears('hung-started');
    await folder.appears('hung-waiting');
    run.child.kill('SIGKILL');
    await run.finished;
    expect((await runs(folder, 'resume', '--park-after', '0s')).code).toBe(75);
    expect(linesOf(folder, 'sent')).toEqual([{ event: 'started' }, { event: 'waiting' }, { event: 'waiting', repetition: true }]);
    const { stdout } = await runs(folder, 'status');
    expect(stdout).toContain('message "started" to board.hangs-once may not have arrived: its process ended before the answer was recorded');
    expect(stdout).not.toContain('message "waiting"');
  });

  test('channels that throw, refuse or do not finish change nothing about the run nor about the others, and are listed', async ({ folderWith, expect }) => {
    const misbehaving = ['throws', 'refuses', 'hangs'].map((name) => `{ uses: board.${name}, events: [ended] }`).join(', ');
    const folder = await folderWith(pipelineOf(`${misbehaving}, ${say()}`, fine));
    const { code, stdout } = await runs(folder, 'run');
    expect({ code, said: sayings(folder).map(({ event }) => event) }, stdout).toEqual({ code: 0, said: ['started', 'succeeded'] });
    expect(stdout).toContain('message "ended" to board.throws may not have arrived: no board, and the token is ***');
    expect(stdout).toContain('message "ended" to board.refuses was not delivered: BOARD_CLOSED: the board is closed');
    expect(stdout).toContain('message "ended" to board.hangs may not have arrived: it did not finish within 10 s.');
    const status = await runs(folder, 'status');
    expect(status.stdout).toContain('message "ended" to board.refuses was not delivered');
  });
});

describe.concurrent('a channel that keeps a document', () => {
  test('a document has everything that happened, again after each event', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf(tell, fine));
    const { code, stderr } = await runs(folder, 'run');
    expect(code, stderr).toBe(0);
    const told = tellings(folder);
    expect(told.length).toBe(2);
    expect(told[0]!.events[0]).toMatchObject({ type: 'run-started', plan: { name: 'shop', inputs: { to: 'told' } } });
    expect(told[1]!.events.at(-1)).toMatchObject({ type: 'run-over', outcome: 'succeeded' });
    expect(told[1]).toMatchObject({ token: token.TOKEN.length });
    expect(JSON.stringify(told)).not.toContain(token.TOKEN);
  });

  test('a document shows a run that is parked, and the whole run when another process has resumed it', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf(tell, waits));
    expect((await runs(folder, 'run', '--park-after', '0s')).code).toBe(75);
    const parked = tellings(folder).at(-1)!;
    await runs(folder, 'approve');
    expect((await runs(folder, 'resume')).code).toBe(0);
    const over = tellings(folder).at(-1)!;
    expect(parked.events.at(-1)).toMatchObject({ type: 'parked', asks: ['one/sure'] });
    expect(over.events.at(-1)).toMatchObject({ type: 'run-over', outcome: 'succeeded' });
    const recorded = parked.events.slice(0, -1);
    expect(over.events.slice(0, recorded.length)).toEqual(recorded);
  });

  test('a document shows that a signal interrupted the run', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf(tell, 'stages: { one: { steps: [{ id: slow, run: "echo began > began; sleep 60", idempotent: true }] } }'));
    const run = folder.start(['run'], token);
    await folder.appears('began');
    run.child.kill('SIGTERM');
    expect((await run.finished).code).toBe(143);
    expect(tellings(folder).at(-1)!.events.at(-1)).toMatchObject({ type: 'interrupted' });
  });

  test('a document that cannot be written changes nothing about the run', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipelineOf('{ uses: board.document-throws, events: [ended] }', waits));
    const { code, stderr } = await runs(folder, 'run', '--park-after', '0s');
    expect({ code, lines: stderr.trim().split('\n') }).toEqual({ code: 75, lines: ['board.document-throws was not brought up to date: no board, and the token is ***'] });
  });
});

test('a channel is asked before the run, and may refuse it', async ({ folderWith, expect }) => {
  const folder = await folderWith(pipelineOf('{ uses: board.tell, with: { to: nowhere } }', 'stages: { one: { steps: [{ id: hi, run: "echo ran > ran" }] } }'));
  const { code, stderr } = await runs(folder, 'run');
  expect({ code, ran: folder.lines('ran') }).toEqual({ code: 2, ran: [] });
  expect(stderr).toMatch(/release\.pipeline\.yaml:6:\d+: error BOARD_NOWHERE/);
});

test('a plan without channels has no key for them', async ({ folderWith, expect }) => {
  const folder = await folderWith(pipelineOf('', fine));
  const { stdout } = await runs(folder, 'plan', '--json');
  expect(JSON.parse(stdout)).not.toHaveProperty('plan.notify');
});
