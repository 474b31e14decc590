import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { identifyProcess } from '../../../../src/run/local/lease/process-identity.ts';
import { CommandLost, type CommandStarter, type OnOutput } from '../../../../src/run/local/tasks/commands/command-starter.ts';
import { DirectStarter } from '../../../../src/run/local/tasks/commands/direct-starter.ts';
import { LaunchedStarter } from '../../../../src/run/local/tasks/commands/launched-starter.ts';
import { endFormerProcesses, readFormerBook } from '../../../../src/run/local/tasks/end-former-processes.ts';
import { ProcessBook, readProcessBook } from '../../../../src/run/local/tasks/process-book.ts';
import { endGroup, isGroupAlive, signalGroup } from '../../../../src/run/local/tasks/process-group.ts';
import { runFolder } from '../../../../src/run/local/tasks/run-folder.ts';
import { temporaryFolder } from '../local-fixture.ts';

const environment = { PATH: process.env['PATH'] ?? '', BASE: 'base' };
const starters = {
  'the driver': (book: ProcessBook): CommandStarter => new DirectStarter(book, environment),
  'a launcher': (book: ProcessBook): CommandStarter => new LaunchedStarter({ book, environment, endLeftOver: ({ key }) => endBooked(book, key) }),
};

async function endBooked(book: ProcessBook, key: string): Promise<void> {
  const leaders = readProcessBook(book.path).groups.filter((group) => group.key === key).map(({ leader }) => leader.pid);
  await Promise.all(leaders.map((leader) => endGroup(leader, 0)));
}

function starterBy(by: keyof typeof starters) {
  const folder = temporaryFolder();
  const book = new ProcessBook(join(folder, 'processes.jsonl'));
  const starter = starters[by](book);
  onTestFinished(() => {
    starter.close();
    for (const leader of book.running()) signalGroup(leader, 'SIGKILL');
    book.close();
  });
  const start = (argv: readonly string[], onOutput: OnOutput = () => undefined, env = {}) => starter.start({ key: 'build/a!run.1', argv, cwd: folder, env }, onOutput);
  /** Runs a command to its end and gives what it said. */
  const run = async (argv: readonly string[], env = {}) => {
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const started = await start(argv, (name, chunk) => void chunks[name].push(chunk), env);
    const end = await started?.ended;
    return { leader: started?.leader, ...end, stdout: Buffer.concat(chunks.stdout), stderr: Buffer.concat(chunks.stderr) };
  };
  return { folder, book, starter, start, run };
}

const launcherOf = (book: ProcessBook): number => readProcessBook(book.path).launchers.at(-1)!.pid;

describe.each(Object.keys(starters) as (keyof typeof starters)[])('a command started by %s', (by) => {
  test('has exactly the environment and the folder it is given, and no input', async () => {
    const { folder, run } = starterBy(by);
    const odd = { OWN: 'a\nb=c', EMPTY: '', 'no.shell//could:export': 'ü€', BASH_ENV: '/nowhere' };
    const { stdout } = await run(['env', '-0'], odd);
    const given = Object.entries({ ...environment, ...odd }).map(([name, value]) => `${name}=${value}`);
    expect(stdout.toString().split('\0').sort()).toEqual(['', ...given].sort());
    expect((await run(['sh', '-c', 'pwd; cat'])).stdout.toString()).toBe(`${folder}\n`);
  });

  test('leads a group of its own, outside of the session of relpipe and without a terminal', async () => {
    const { run } = starterBy(by);
    const { leader, stdout } = await run(['cut', '-d', ' ', '-f', '5-7', '/proc/self/stat']);
    const [group, session, terminal] = stdout.toString().trim().split(' ').map(Number);
    expect([group, terminal]).toEqual([leader, 0]);
    expect(session).not.toBe(Number(readFileSync('/proc/self/stat', 'utf8').split(' ')[5]));
  });

  test('is booked before it is told, with the identity of its leader', async () => {
    const { book, start } = starterBy(by);
    const started = await start(['sleep', '600']);
    const { groups, unbooked } = readProcessBook(book.path);
    expect(groups).toEqual([{ key: 'build/a!run.1', leader: identifyProcess(started!.leader) }]);
    expect([unbooked.size, book.running()]).toEqual([0, [started!.leader]]);
  });

  test('says its exit code, or the signal that ended it', async () => {
    const { run } = starterBy(by);
    expect(await run(['sh', '-c', 'exit 3'])).toMatchObject({ code: 3, signal: null });
    expect(await run(['sh', '-c', 'kill -9 $$'])).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  test('that does not exist is not started, and one with too long an argument is refused', async () => {
    const { start, run } = starterBy(by);
    expect(await start(['no-such-command-here'])).toBeUndefined();
    await expect(start(['true', 'x'.repeat(3_000_000)])).rejects.toThrow('E2BIG');
    expect(await run(['true'])).toMatchObject({ code: 0 });
  });

  test('is heard byte for byte, wherever its output was cut', async () => {
    const { run } = starterBy(by);
    const { stdout, stderr } = await run(['sh', '-c', `printf '\\303'; sleep 0.05; printf '\\244\\377\\000'; printf e >&2`]);
    expect([[...stdout], stderr.toString()]).toEqual([[0xc3, 0xa4, 0xff, 0], 'e']);
  });

  test('may print 200 MB, and no byte is missing at its end', async () => {
    const { start } = starterBy(by);
    let bytes = 0;
    const started = await start(['head', '-c', '200000000', '/dev/zero'], (_, chunk) => void (bytes += chunk.length));
    expect(await started!.ended).toEqual({ code: 0, signal: null });
    expect(bytes).toBe(200_000_000);
  });

  // So much that it ends with the pipe to the reader full, and the rest in its own.
  test.each([370_000, 400_000])('is heard to its end by a reader that was away when it ended, having printed %d bytes', async (size) => {
    const { start } = starterBy(by);
    let bytes = 0;
    const started = await start(['head', '-c', String(size), '/dev/zero'], (_, chunk) => {
      if (bytes === 0) standStill(800);
      bytes += chunk.length;
    });
    await started!.ended;
    expect(bytes).toBe(size);
  });

  test('leaves nothing to be told behind its end, and what it left in the background may go on printing', async () => {
    const { start } = starterBy(by);
    let hasEnded = false;
    let late = 0;
    const started = await start(['sh', '-c', '(while sleep 0.05; do echo on; done) & echo here'], () => void (late += hasEnded ? 1 : 0));
    await started!.ended;
    hasEnded = true;
    await pause(200);
    expect([late, isGroupAlive(started!.leader)]).toEqual([0, true]);
  });

  test('ends even when what it left in the background prints without end', async () => {
    const { start } = starterBy(by);
    const started = await start(['sh', '-c', 'yes & exit 4']);
    expect(await started!.ended).toEqual({ code: 4, signal: null });
  });
});

describe('a launcher', () => {
  test('keeps what a slow reader has not taken out of its memory', async () => {
    const { book, start } = starterBy('a launcher');
    let chunks = 0;
    const started = await start(['head', '-c', '500000000', '/dev/zero'], () => {
      if ((chunks += 1) % 200 === 0) standStill(20);
    });
    await started!.ended;
    // Of the 477 MiB of output, and what Node itself takes: its garbage varies with the load of the machine.
    expect(peakMiB(launcherOf(book))).toBeLessThan(250);
  });

  test('knows no secret by its command line or its environment', async () => {
    process.env['REGISTRY_PASSWORD'] = 'correct horse';
    const { book, run } = starterBy('a launcher');
    await run(['true'], { PASSWORD: 'correct horse' });
    delete process.env['REGISTRY_PASSWORD'];
    expect(['cmdline', 'environ'].map((file) => readFileSync(`/proc/${launcherOf(book)}/${file}`, 'utf8')).join()).not.toContain('correct horse');
  });

  test('is deaf to signals that are meant for relpipe, in a session of its own', async () => {
    const { book, run } = starterBy('a launcher');
    await run(['true']);
    const launcher = launcherOf(book);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(launcher, signal);
    const { stdout } = await run(['cut', '-d', ' ', '-f', '6', `/proc/${launcher}/stat`]);
    expect(stdout.toString()).toBe(`${launcher}\n`);
  });

  test('that dies takes its commands with it, which are lost; the next ones are started all the same', async () => {
    const { book, start, run } = starterBy('a launcher');
    const started = await start(['sh', '-c', 'sleep 600 & sleep 600']);
    process.kill(launcherOf(book), 'SIGKILL');
    await expect(started!.ended).rejects.toThrow(CommandLost);
    expect(isGroupAlive(started!.leader)).toBe(false);
    expect(await run(['true'])).toMatchObject({ code: 0 });
    expect(readProcessBook(book.path).launchers).toHaveLength(1);
  });

  test('is not needed: where there is no Perl to run it, the driver starts the commands', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = temporaryFolder();
    const { run, book } = starterBy('a launcher');
    const started = run(['true']);
    process.env['PATH'] = path;
    expect(await started).toMatchObject({ code: 0 });
    expect(readProcessBook(book.path).launchers).toEqual([]);
  });

  test('that is stopped starts nothing any more once the next driver has ended what the former one left', async () => {
    const { folder, book, start, run } = starterBy('a launcher');
    await run(['true']);
    process.kill(launcherOf(book), 'SIGSTOP');
    const lost = expect(start(['touch', 'late'])).rejects.toThrow(CommandLost);
    await endFormerProcesses('run', 'build/a!run.1', await readFormerBook({ ...runFolder(folder, 'run'), processes: book.path }));
    await lost;
    expect([isGroupAlive(launcherOf(book)), existsSync(join(folder, 'late'))]).toEqual([false, false]);
  });

  test('is gone when it is closed, and starts nothing behind it', async () => {
    const { book, starter, start, run } = starterBy('a launcher');
    await run(['true']);
    starter.close();
    await expect.poll(() => isGroupAlive(launcherOf(book))).toBe(false);
    await expect(start(['true'])).rejects.toThrow(CommandLost);
  });

  test('that is closed leaves no group unknown to who ends them', async () => {
    const { book, starter, start, run } = starterBy('a launcher');
    const { leader } = await run(['true']);
    book.ended(leader!);
    const lost = expect(start(['sleep', '600']).then((started) => started!.ended)).rejects.toThrow(CommandLost);
    await Promise.resolve();
    const booked = () => readProcessBook(book.path).groups.map((group) => group.leader.pid);
    // This process's loop does not turn, so it has not heard of the group by then.
    for (let looks = 0; booked().length === 0 && looks < 1_000; looks += 1) standStill(10);
    expect(booked()).toHaveLength(1);
    expect(book.running()).toEqual([]);
    starter.close();
    expect(book.running()).toEqual(booked());
    await lost;
  });
});

const standStill = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const peakMiB = (pid: number): number => Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
