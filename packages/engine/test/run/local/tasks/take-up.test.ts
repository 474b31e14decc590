import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import type { TaskOp } from '../../../../src/run/core/operation.ts';
import { identifyProcess } from '../../../../src/util/process-identity.ts';
import { endGroup, isGroupAlive } from '../../../../src/run/local/process/process-group.ts';
import { runFolder } from '../../../../src/run/local/run-folder.ts';
import { storeIn, openRuntime, run, taskOp, temporaryFolder } from '../local-fixture.ts';

const program = join(import.meta.dirname, 'driver-program.ts');

/** Starts a driver with the task, waits for the first line of its log, and kills it with -9, and before it the guard of its commands. */
async function killedDriver(op: TaskOp, undone = '', isReady: (folder: string) => Promise<boolean> = async () => true) {
  const { driver, ...started } = await startedDriver(op, undone, isReady);
  for (const guard of childrenOf(driver, 'relpipe-guard')) process.kill(guard, 'SIGKILL');
  await kill(driver);
  return started;
}

async function kill(driver: ChildProcess): Promise<void> {
  driver.kill('SIGKILL');
  await once(driver, 'exit');
}

const childrenOf = ({ pid }: ChildProcess, name: string): readonly number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter((child) => child !== '').map(Number)
    .filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(name));

/** The guard starts a moment after a command, and then has to be able to listen. */
async function guardOf(driver: ChildProcess): Promise<number> {
  const guards = (): readonly number[] => childrenOf(driver, 'relpipe-guard');
  await expect.poll(guards, { timeout: 5_000 }).toHaveLength(1);
  return guards()[0] ?? 0;
}

async function startedDriver(op: TaskOp, undone = '', isReady: (folder: string) => Promise<boolean> = async () => true) {
  const folder = temporaryFolder();
  const given = [folder, JSON.stringify(op), undone];
  const driver: ChildProcess = spawn(process.execPath, ['--conditions=relpipe-source', program, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(driver.stdout!), 'line')) as [string];
  await expect.poll(() => isReady(folder), { timeout: 5_000 }).toBe(true);
  return { driver, folder, line, group: Number(line) };
}

/** It leads a group of its own. */
const daemon = taskOp({ with: { command: "setsid sh -c 'echo $$; exec sleep 600' & wait" } });

const lost = (op: TaskOp) => ({ fact: 'ended', key: op.key, result: { status: 'lost' } });

test('what a killed driver left running is ended before its task counts as lost', async () => {
  const op = taskOp({ with: { command: 'sleep 600 & echo $$; wait' } });
  const { folder, group } = await killedDriver(op);
  expect(isGroupAlive(group)).toBe(true);
  const { runtime, next } = await openRuntime({ folder });
  runtime.takeUp([op]);
  expect(await next()).toEqual([lost(op)]);
  expect(isGroupAlive(group)).toBe(false);
});

test('a command does not outlive a killed driver, also when nobody takes up its run', async () => {
  const { driver, group } = await startedDriver(taskOp({ with: { command: 'sleep 600 & echo $$; wait' } }));
  await guardOf(driver);
  await kill(driver);
  await expect.poll(() => isGroupAlive(group), { timeout: 2_500 }).toBe(false);
});

test.skipIf(process.platform !== 'linux')('a daemon that left the group of its command does not outlive a killed driver either', async () => {
  const { driver, group } = await startedDriver(daemon);
  await guardOf(driver);
  await kill(driver);
  await expect.poll(() => isGroupAlive(group), { timeout: 2_500 }).toBe(false);
});

test.skipIf(process.platform !== 'linux')('a daemon that a killed driver left running is ended before its task counts as lost', async () => {
  const { folder, group } = await killedDriver(daemon);
  expect(isGroupAlive(group)).toBe(true);
  const { runtime, next } = await openRuntime({ folder });
  runtime.takeUp([daemon]);
  expect(await next()).toEqual([lost(daemon)]);
  expect(isGroupAlive(group)).toBe(false);
});

test('a command that ignores SIGTERM is killed three seconds after its driver', async () => {
  const { driver, group } = await startedDriver(taskOp({ with: { command: "trap '' TERM; echo $$; while :; do sleep 0.1; done" } }));
  await guardOf(driver);
  await kill(driver);
  expect(isGroupAlive(group)).toBe(true);
  await expect.poll(() => isGroupAlive(group), { timeout: 15_000 }).toBe(false);
});

test('what a step left in the background on purpose outlives its driver', async () => {
  const command = 'sleep 600 < /dev/null > /dev/null 2>&1 & echo $$; until test -e go; do sleep 0.02; done';
  const { driver, folder, group } = await startedDriver(taskOp({ with: { command } }));
  const guard = await guardOf(driver);
  writeFileSync(join(folder, 'go'), '');
  await expect.poll(() => readFileSync(runFolder(folder, run.id).processes, 'utf8'), { timeout: 5_000 }).toContain('"ended"');
  onTestFinished(() => endGroup(group, 1_000));
  await kill(driver);
  await expect.poll(() => isGroupAlive(guard), { timeout: 5_000 }).toBe(false);
  expect(isGroupAlive(group)).toBe(true);
});

test('what is left of a command whose leader has ended is found, too', async () => {
  const op = taskOp({ with: { command: ['sh', '-c', 'sleep 600 & echo $$; kill -9 $$'] } });
  const { folder, group } = await killedDriver(op);
  await expect.poll(() => existsSync(`/proc/${group}/cmdline`) && readFileSync(`/proc/${group}/cmdline`, 'utf8')).toBeFalsy();
  expect(isGroupAlive(group)).toBe(true);
  // The registry still has it: the driver died with the leader.
  writeFileSync(runFolder(folder, run.id).processes, `${JSON.stringify({ started: op.key, leader: { ...identifyProcess(process.pid), pid: group, started: 'then' } })}\n`);
  const { runtime, next } = await openRuntime({ folder });
  runtime.takeUp([op]);
  await next();
  expect(isGroupAlive(group)).toBe(false);
});

test('a process started in the moment in which the driver died is ended as well', async () => {
  const op = taskOp({ with: { command: 'echo $$; sleep 600' } });
  const { folder, group } = await killedDriver(op);
  writeFileSync(runFolder(folder, run.id).processes, `${JSON.stringify({ starting: op.key })}\n{"star`);
  const { runtime, next } = await openRuntime({ folder });
  runtime.takeUp([op]);
  await next();
  expect(isGroupAlive(group)).toBe(false);
});

test('a process that only has the number of a previous one is left alone', async () => {
  const folder = temporaryFolder();
  const stranger = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  onTestFinished(() => endGroup(stranger.pid!, 1_000));
  const op = taskOp({ with: { command: 'true' } });
  const { processes } = runFolder(folder, run.id);
  mkdirSync(join(processes, '..'), { recursive: true });
  const leader = { ...identifyProcess(stranger.pid!), started: 'long ago' };
  appendFileSync(processes, `${JSON.stringify({ started: op.key, leader })}\n`);
  const { runtime, next } = await openRuntime({ folder });
  runtime.takeUp([op]);
  expect(await next()).toEqual([lost(op)]);
  expect(isGroupAlive(stranger.pid!)).toBe(true);
});

test('a state that a command wrote before its driver was killed is recorded before the loss', async () => {
  const op = taskOp({ with: { command: 'echo previous=4 >> "$RELPIPE_STATE"; echo $$; sleep 600' } });
  const { folder } = await killedDriver(op);
  const { runtime, next, facts } = await openRuntime({ folder });
  runtime.takeUp([op]);
  expect(await next()).toEqual([{ fact: 'saved', key: op.key, state: { previous: '4' } }, lost(op)]);
  expect((await facts()).map(({ fact }) => fact)).toEqual(['planned', 'decided', 'saved', 'ended']);
});

test('the files that lost attempts wrote are removed by who takes up the run', async () => {
  const op = taskOp({ with: { command: 'echo token=1 >> "$RELPIPE_OUTPUT"; echo previous=4 >> "$RELPIPE_STATE"; echo $$; sleep 600' } });
  const { folder } = await killedDriver(op);
  const files = runFolder(folder, run.id);
  const ended = files.outputFile({ ...op, attempt: 7 });
  writeFileSync(ended, 'token=1');
  const { runtime, next, facts } = await openRuntime({ folder });
  runtime.takeUp([op]);
  expect(existsSync(ended)).toBe(false);
  await next();
  await facts();
  await expect.poll(() => readdirSync(files.exchange)).toEqual([]);
});

test('a state that cannot be read does not keep the loss from being recorded', async () => {
  const op = taskOp({ with: { command: 'echo "previous<<END" >> "$RELPIPE_STATE"; echo $$; sleep 600' } });
  const { folder } = await killedDriver(op);
  const { runtime, next, lines } = await openRuntime({ folder });
  runtime.takeUp([op]);
  expect(await next()).toEqual([lost(op)]);
  expect(lines()[0]).toContain('no line "END" ends the value');
});

test('everything that was recorded before kill -9 is there after it, and the lease is free at once', async () => {
  const op = taskOp({ with: { command: 'echo previous=4 >> "$RELPIPE_STATE"; echo $$; sleep 600' } });
  const isSaved = async (folder: string) => (await storeIn(folder).readRun(run.id)).facts.some(({ fact }) => fact === 'saved');
  const { folder } = await killedDriver(op, op.step, isSaved);
  const { runtime, next, facts, store } = await openRuntime({ folder });
  expect((await facts()).map(({ fact }) => fact)).toEqual(['planned', 'decided', 'saved']);
  expect((await store.findRun(run.id))?.state).toBe('running');
  runtime.takeUp([op]);
  await next();
});
