import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { containing } from '@relpipe/testing/matchers';
import { expect, test, vi } from 'vitest';
import { connectRouter, type FoundRouter } from '../../src/relpipe-router/connect-router.ts';
import { serveRouter } from '../../src/relpipe-router/router-server.ts';
import { buildSettings } from '../../src/relpipe-router/settings.ts';
import { startRouter, type RouterFlags } from '../../src/relpipe-router/start-router.ts';
import { lockState, readState, type RunningState } from '../../src/relpipe-router/state/state-file.ts';
import { routerProgram } from '../../src/relpipe-router/this-package.ts';
import { endAfterwards, isAlive, temporaryFolder } from '../support/test-router.ts';
import { RawClient } from '../support/http-clients.ts';
import { startServer } from '../support/http-servers.ts';

const starter = fileURLToPath(new URL('start-and-exit.ts', import.meta.url));
const run = promisify(execFile);

async function startUntilEnd(flags: RouterFlags): Promise<RunningState & Pick<FoundRouter, 'client'>> {
  const { status, client } = await startRouter(flags);
  endAfterwards(status.pid);
  return { ...status, client };
}

const ended = (pid: number) => vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000);

const prepare = async () => {
  const { url } = await startServer((_incoming, outgoing) => outgoing.end('ok'));
  return { sides: { stable: url, candidate: url }, state: join(await temporaryFolder(), 'state', 'router.json') };
};

test('a router outlives the process that started it', async () => {
  const options = await prepare();
  const { stdout } = await run(process.execPath, [starter, JSON.stringify(options)]);
  const { pid, listen } = JSON.parse(stdout) as { pid: number; listen: string };
  endAfterwards(pid);
  expect(await (await fetch(listen)).text()).toBe('ok');
  const client = await connectRouter({ stateFile: options.state });
  expect(await client.readStatus()).toMatchObject({ pid, listen });
  await client.stop();
  await ended(pid);
});

test('a killed router comes back with its weights and generation, and the token stays its owner\'s', async () => {
  const options = await prepare();
  const first = await startUntilEnd(options);
  const changed = await first.client.setWeights({ stable: 62.5, candidate: 37.5 });
  process.kill(first.pid, 'SIGKILL');
  await ended(first.pid);
  const second = await startUntilEnd({ ...options, weights: { stable: 100, candidate: 0 } });
  expect(await second.client.readWeights()).toEqual(changed);
  expect((await stat(second.tokenFile ?? '')).mode & 0o777).toBe(0o600);
});

test('a second router on the same state file is refused, and the error names the process that holds it', async () => {
  const options = await prepare();
  const { pid, client } = await startUntilEnd(options);
  await expect(startRouter(options)).rejects.toMatchObject({
    code: 'TRAFFIC_ROUTER_ALREADY_RUNNING',
    message: containing(`process ${pid} `),
  });
  expect(await client.readStatus()).toMatchObject({ pid });
});

test('a router that starts waits for a process that holds its state file for a moment only', async () => {
  const { sides, state } = await prepare();
  await mkdir(dirname(state));
  const lock = lockState(state, undefined);

  const starting = serveRouter(buildSettings({ sides, state }), () => undefined);
  expect(await Promise.race([starting, sleep(100, 'it waits')])).toBe('it waits');
  lock.release();

  const router = await starting;
  expect(await readState(state)).toMatchObject({ running: { pid: process.pid } });
  await router.stop();
});

test('weights of one server are not given to another server with the same name', async () => {
  const options = await prepare();
  const { pid, client } = await startUntilEnd(options);
  await client.setWeights({ stable: 50, candidate: 50 });
  await client.stop();
  await ended(pid);
  const other = await startServer((_incoming, outgoing) => outgoing.end('other'));
  const moved = { ...options, sides: { ...options.sides, candidate: other.url } };
  await expect(startRouter(moved)).rejects.toThrow(/"candidate" has 50 % and was/);
  const reset = await startUntilEnd({ ...moved, 'reset-weights': true });
  expect(await reset.client.readWeights()).toMatchObject({ weights: { stable: 100, candidate: 0 }, generation: 3 });
});

test('on SIGTERM the router finishes the request in flight, accepts no new connection, and leaves a state file without a running router', async () => {
  const arrived = Promise.withResolvers<undefined>();
  const goOn = Promise.withResolvers<undefined>();
  const { url } = await startServer((_incoming, outgoing) => {
    arrived.resolve(undefined);
    void goOn.promise.then(() => outgoing.end('finished'));
  });
  const stateFile = join(await temporaryFolder(), 'router.json');
  const router = await startUntilEnd({ sides: { stable: url }, state: stateFile });
  const client = new RawClient(Number(new URL(router.listen).port));
  client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await arrived.promise;
  process.kill(router.pid, 'SIGTERM');
  const log = () => readFile(`${stateFile}.log`, 'utf8');
  await vi.waitFor(async () => expect(await log()).toContain('stopping'), 10_000);
  await expect(fetch(router.listen)).rejects.toThrow();
  goOn.resolve(undefined);
  expect(await client.untilClosed()).toMatch(/connection: close\r\n[^]*finished/);
  await ended(router.pid);
  expect((await readState(stateFile))?.running).toBeNull();
  expect(await log()).toMatch(/stopped\n$/);
});

test('invalid flags cause exit code 2 and every reason', async () => {
  const flags = ['--side', 'stable=127.0.0.1:1', '--control', '0.0.0.0:1'];
  const child = spawn(process.execPath, [routerProgram(), ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.on('data', (bytes: Buffer) => (text += bytes.toString()));
  expect((await once(child, 'close'))[0]).toBe(2);
  expect(text).toMatch(/^TRAFFIC_ROUTER_USAGE: [^]*side "stable" must be .* found "127.0.0.1:1"[^]*no state file[^]*must be on a loopback address/);
});
