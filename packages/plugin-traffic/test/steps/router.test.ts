import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { stopRouter } from '../../src/relpipe-router/commands.ts';
import { connectRouter } from '../../src/relpipe-router/connect-router.ts';
import { readState } from '../../src/relpipe-router/state/state-file.ts';
import { isAlive } from '../support/test-router.ts';
import { startServer } from '../support/http-servers.ts';
import { asked, serverSaying } from '../support/router-step.ts';

const killed = async (pid: number) => {
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000);
};

test('a router is started where none is running, with its state beside the pipeline file and all traffic for stable', async () => {
  const { run, stateFile } = await asked();

  const outputs = await run();

  expect(outputs).toMatchObject({ started: true, state: stateFile, pid: (await readState(stateFile))?.running?.pid });
  expect(await (await fetch(outputs.listen)).text()).toBe('stable');
  expect(await readFile(`${stateFile}.log`, 'utf8')).toContain(`listening on ${outputs.listen}`);
  expect(await readFile(join(dirname(stateFile), '.gitignore'), 'utf8')).toBe('*\n');
});

test('a started router has a process group of its own and no secret of the release', async () => {
  vi.stubEnv('REGISTRY_PASSWORD', 'hush');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { run } = await asked();

  const { pid } = await run();

  expect(process.kill(-pid, 0)).toBe(true);
  if (process.platform === 'linux') expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('hush');
});

test('a running router is left alone with its weights', async () => {
  const { run, stateFile } = await asked();
  const first = await run();
  await (await connectRouter({ stateFile })).setWeights({ stable: 60, candidate: 40 });

  const second = await run({ weights: { stable: 0, candidate: 100 } });

  expect(second).toEqual({ ...first, started: false });
  expect((await readState(stateFile))?.weights).toEqual({ stable: 60, candidate: 40 });
});

test('a running router with other sides is refused and keeps running', async () => {
  const { run, config, stateFile } = await asked();
  const { pid } = await run();
  const other = await serverSaying('other');

  await expect(run({ sides: { ...config.sides, candidate: other } })).rejects.toMatchObject({
    code: 'TRAFFIC_ROUTER_DIFFERS',
    message: containing(`its side candidate is ${config.sides['candidate'] ?? ''}, not ${other}`),
    hint: containing(`relpipe-router stop --state ${stateFile}`),
  });
  expect((await readState(stateFile))?.running?.pid).toBe(pid);
  expect(isAlive(pid)).toBe(true);
});

test('a running router on another address is refused; one on the same address is not', async () => {
  const { run } = await asked();
  const { listen, pid } = await run();

  await expect(run({ listen: '127.0.0.1:1' })).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_DIFFERS', message: containing('not on 127.0.0.1:1') });
  expect(await run({ listen: listen.replace('http://127.0.0.1', 'localhost') })).toMatchObject({ pid, started: false });
});

test('a killed router is started again with its weights', async () => {
  const { run, stateFile } = await asked();
  const first = await run();
  await (await connectRouter({ stateFile })).setWeights({ stable: 60, candidate: 40 });
  await killed(first.pid);

  expect(await run()).toMatchObject({ started: true });
  expect((await readState(stateFile))?.weights).toEqual({ stable: 60, candidate: 40 });
});

test('of two steps at the same moment one starts a router and the other finds it', async () => {
  const { run } = await asked();

  const both = await Promise.all([run(), run()]);

  expect(both.map(({ started }) => started).sort()).toEqual([false, true]);
  expect(both[0].pid).toBe(both[1].pid);
});

test.each([
  ['belongs to another program', (url: string) => ({ control: url })],
  ['is closed', () => ({ control: 'http://127.0.0.1:1' })],
])('the address that a killed router left in its state file is not trusted when its port %s', async (_, left) => {
  const { run, stateFile } = await asked();
  const { pid } = await run();
  await killed(pid);
  const state = await readState(stateFile);
  await writeFile(stateFile, JSON.stringify({ ...state, running: { ...state?.running, ...left(await serverSaying('<html>')) } }));

  expect(await run()).toMatchObject({ started: true });
});

test('another router on the port of a killed one is not mistaken for it', async () => {
  vi.stubEnv('RELPIPE_ROUTER_TOKEN', 'the same token for both');
  onTestFinished(() => void vi.unstubAllEnvs());
  const [ours, other] = [await asked(), await asked()];
  const { pid } = await ours.run();
  const { control } = await other.run();
  await killed(pid);
  const state = await readState(ours.stateFile);
  await writeFile(ours.stateFile, JSON.stringify({ ...state, running: { ...state?.running, control } }));

  expect(await ours.run()).toMatchObject({ started: true });
});

test('a port that is in use is reported by the router itself, and nothing is left behind', async () => {
  const { run, stateFile } = await asked();
  const { port } = await startServer((_request, response) => response.end());

  await expect(run({ listen: `127.0.0.1:${port}` })).rejects.toMatchObject({
    code: 'TRAFFIC_ROUTER_NOT_LISTENING',
    message: containing(`127.0.0.1:${port}`),
    hint: containing('another address'),
  });
  expect(await readState(stateFile)).toBeUndefined();
});

test('weights of one server are not given to another server of the same side', async () => {
  const { run, config, stateFile } = await asked();
  await run();
  await stopRouter(stateFile);

  await expect(run({ sides: { ...config.sides, stable: await serverSaying('other') } })).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_STATE_MISMATCH' });
});

test('a new router starts with the weights of the step', async () => {
  const { run } = await asked();

  const { listen } = await run({ weights: { stable: 0, candidate: 100 } });

  expect(await (await fetch(listen)).text()).toBe('candidate');
});

test('a cancelled step starts nothing', async () => {
  const { run, context, stateFile } = await asked();
  Object.assign(context, { signal: AbortSignal.abort(new Error('cancelled')) });

  await expect(run()).rejects.toThrow();
  await expect(stopRouter(stateFile)).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_NOT_REACHED' });
});
