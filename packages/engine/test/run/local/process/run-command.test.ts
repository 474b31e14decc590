import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { isGroupAlive, signalGroup } from '../../../../src/run/local/process/process-group.ts';
import { identifyProcess } from '../../../../src/util/process-identity.ts';
import { ProcessRegistry, readProcessRegistry } from '../../../../src/run/local/process/process-registry.ts';
import { startCommand, type OnOutput } from '../../../../src/run/local/process/run-command.ts';
import { temporaryFolder } from '../local-fixture.ts';

const environment = { PATH: process.env['PATH'] ?? '', BASE: 'base' };

function commands() {
  const folder = temporaryFolder();
  const processes = new ProcessRegistry(join(folder, 'processes.jsonl'));
  onTestFinished(() => {
    for (const leader of processes.running()) signalGroup(leader, 'SIGKILL');
    processes.close();
  });
  const start = (argv: readonly string[], onOutput: OnOutput = () => undefined, env = {}) =>
    startCommand({ processes, environment }, { key: 'build/a!run.1', argv, cwd: folder, env }, onOutput);
  /** Runs a command to its end and returns what it printed. */
  const run = async (argv: readonly string[], env = {}) => {
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const { leader, ended } = await start(argv, (name, chunk) => void chunks[name].push(chunk), env);
    return { leader, ...(await ended), stdout: Buffer.concat(chunks.stdout), stderr: Buffer.concat(chunks.stderr) };
  };
  return { folder, processes, start, run };
}

test('a command has exactly the environment and the folder it is given, and no input', async () => {
  const { folder, run } = commands();
  const odd = { OWN: 'a\nb=c', EMPTY: '', 'no.shell//could:export': 'ü€', BASH_ENV: '/nowhere' };
  const { stdout } = await run(['env', '-0'], odd);
  const given = Object.entries({ ...environment, ...odd }).map(([name, value]) => `${name}=${value}`);
  expect(stdout.toString().split('\0').sort()).toEqual(['', ...given].sort());
  expect((await run(['sh', '-c', 'pwd; cat'])).stdout.toString()).toBe(`${folder}\n`);
});

test('a command leads a group of its own, outside of the session of relpipe and without a terminal', async () => {
  const { run } = commands();
  const { leader, stdout } = await run(['cut', '-d', ' ', '-f', '5-7', '/proc/self/stat']);
  const [group, session, terminal] = stdout.toString().trim().split(' ').map(Number);
  expect([group, terminal]).toEqual([leader, 0]);
  expect(session).not.toBe(Number(readFileSync('/proc/self/stat', 'utf8').split(' ')[5]));
});

test('a command is registered with the identity of its leader as soon as it has started', async () => {
  const { processes, start } = commands();
  const started = await start(['sleep', '600']);
  expect(readProcessRegistry(processes.path)).toEqual([{ key: 'build/a!run.1', leader: identifyProcess(started.leader) }]);
  expect(processes.running()).toEqual([started.leader]);
});

test('a command that has started is not lost sight of when the registry can no longer be written', async () => {
  const fifo = join(temporaryFolder(), 'processes.jsonl');
  execFileSync('mkfifo', [fifo]);
  const reader = openSync(fifo, 'r+');
  const processes = new ProcessRegistry(fifo);
  onTestFinished(() => processes.close());
  const child = processes.register('build/a!run.1', () => {
    closeSync(reader);
    return spawn('sh', ['-c', 'exit 3']);
  });
  expect(processes.running()).toEqual([child.pid]);
  expect(await once(child, 'exit')).toEqual([3, null]);
  processes.reap(child.pid!);
  expect(processes.running()).toEqual([]);
});

test('a command does not start when the registry cannot be written before', async () => {
  const processes = new ProcessRegistry('/dev/full');
  onTestFinished(() => processes.close());
  expect(() => processes.register('build/a!run.1', () => spawn('true'))).toThrow('ENOSPC');
  expect(processes.running()).toEqual([]);
});

test('an entry that a full disk has cut off does not hide the entries after it', () => {
  const file = join(temporaryFolder(), 'processes.jsonl');
  writeFileSync(file, '{"started":"build/a!ru');
  const processes = new ProcessRegistry(file);
  onTestFinished(() => processes.close());
  const child = processes.register('build/b!run.1', () => spawn('sleep', ['600'], { detached: true }));
  onTestFinished(() => void child.kill('SIGKILL'));
  expect(readProcessRegistry(file).map(({ key }) => key)).toEqual(['build/b!run.1']);
});

test('the end of a command has its exit code, or the signal that ended it', async () => {
  const { run } = commands();
  expect(await run(['sh', '-c', 'exit 3'])).toMatchObject({ code: 3, signal: null });
  expect(await run(['sh', '-c', 'kill -9 $$'])).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test('a command that does not exist, or has too long an argument, is refused', async () => {
  const { start, run } = commands();
  await expect(start(['no-such-command-here'])).rejects.toMatchObject({ code: 'REL_COMMAND_NOT_FOUND' });
  await expect(start(['true', 'x'.repeat(3_000_000)])).rejects.toThrow('E2BIG');
  expect(await run(['true'])).toMatchObject({ code: 0 });
});

test('output is handed over byte for byte, wherever it was cut', async () => {
  const { run } = commands();
  const { stdout, stderr } = await run(['sh', '-c', `printf '\\303'; sleep 0.05; printf '\\244\\377\\000'; printf e >&2`]);
  expect([[...stdout], stderr.toString()]).toEqual([[0xc3, 0xa4, 0xff, 0], 'e']);
});

test('no byte of 200 MB of output is missing when a command ends', async () => {
  const { start } = commands();
  let bytes = 0;
  const started = await start(['head', '-c', '200000000', '/dev/zero'], (_, chunk) => void (bytes += chunk.length));
  expect(await started.ended).toEqual({ code: 0, signal: null });
  expect(bytes).toBe(200_000_000);
});

test.each([60_000, 400_000])('a reader that was away when a command ended still gets all of its %d bytes', async (size) => {
  const { start } = commands();
  let bytes = 0;
  const started = await start(['head', '-c', String(size), '/dev/zero'], (_, chunk) => {
    if (bytes === 0) standStill(800);
    bytes += chunk.length;
  });
  await started.ended;
  expect(bytes).toBe(size);
});

test('what a command left in the background may go on printing, and nobody is told of it', async () => {
  const { start } = commands();
  let hasEnded = false;
  let late = 0;
  const started = await start(['sh', '-c', '(while sleep 0.05; do echo on; done) & echo here'], () => void (late += hasEnded ? 1 : 0));
  await started.ended;
  hasEnded = true;
  await pause(200);
  expect([late, isGroupAlive(started.leader)]).toEqual([0, true]);
});

test('a command ends even when what it left in the background prints without end', async () => {
  const { start } = commands();
  const started = await start(['sh', '-c', 'yes & exit 4']);
  expect(await started.ended).toEqual({ code: 4, signal: null });
});

const standStill = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
