import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { containing } from '../../../../test/support/containing.ts';
import { connectRouter } from '../../src/router/connect-router.ts';
import { stopRouter } from '../../src/router/stop-router.ts';
import { readState } from '../../src/router/state/state-file.ts';
import { isAlive } from '../router/support/end-afterwards.ts';
import { startServer } from '../router/support/start-server.ts';
import { asked, serverSaying } from './asked.ts';

const killed = async (pid: number) => {
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 10_000);
};

test('a router is started where none lives, beside the pipeline file, with all traffic for stable', async () => {
  const { run, stateFile } = await asked();

  const outputs = await run();

  expect(outputs).toMatchObject({ started: true, state: stateFile, pid: (await readState(stateFile))?.running?.pid });
  expect(await (await fetch(outputs.listen)).text()).toBe('stable');
  expect(await readFile(`${stateFile}.log`, 'utf8')).toContain(`listening on ${outputs.listen}`);
  expect(await readFile(join(dirname(stateFile), '.gitignore'), 'utf8')).toBe('*\n');
});

test('a router leads a process group of its own, and knows no secret of the release', async () => {
  vi.stubEnv('REGISTRY_PASSWORD', 'hush');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { run } = await asked();

  const { pid } = await run();

  expect(process.kill(-pid, 0)).toBe(true);
  if (process.platform === 'linux') expect(await readFile(`/proc/${pid}/environ`, 'utf8')).not.toContain('hush');
});

test('a router that lives is left alone, with the weights it has', async () => {
  const { run, stateFile } = await asked();
  const first = await run();
  await (await connectRouter({ stateFile })).setWeights({ stable: 60, candidate: 40 });

  const second = await run({ weights: { stable: 0, candidate: 100 } });

  expect(second).toEqual({ ...first, started: false });
  expect((await readState(stateFile))?.weights).toEqual({ stable: 60, candidate: 40 });
});

test('a router with other sides is refused, and goes on', async () => {
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

test('a router that listens elsewhere is refused, one that listens there is not', async () => {
  const { run } = await asked();
  const { listen, pid } = await run();

  await expect(run({ listen: '127.0.0.1:1' })).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_DIFFERS', message: containing('not on 127.0.0.1:1') });
  expect(await run({ listen: listen.replace('http://127.0.0.1', 'localhost') })).toMatchObject({ pid, started: false });
});

test('a killed router is started again, with the weights it had', async () => {
  const { run, stateFile } = await asked();
  const first = await run();
  await (await connectRouter({ stateFile })).setWeights({ stable: 60, candidate: 40 });
  await killed(first.pid);

  expect(await run()).toMatchObject({ started: true });
  expect((await readState(stateFile))?.weights).toEqual({ stable: 60, candidate: 40 });
});

test('of two at the same moment one starts a router, and the other one finds it', async () => {
  const { run } = await asked();

  const both = await Promise.all([run(), run()]);

  expect(both.map(({ started }) => started).sort()).toEqual([false, true]);
  expect(both[0].pid).toBe(both[1].pid);
});

test.each([
  ['says nothing about routers', (url: string) => ({ control: url })],
  ['is closed', () => ({ control: 'http://127.0.0.1:1' })],
])('what a killed router left in its state file is not believed when the port it names %s', async (_, left) => {
  const { run, stateFile } = await asked();
  const { pid } = await run();
  await killed(pid);
  const state = await readState(stateFile);
  await writeFile(stateFile, JSON.stringify({ ...state, running: { ...state?.running, ...left(await serverSaying('<html>')) } }));

  expect(await run()).toMatchObject({ started: true });
});

test('another router at the port a killed one left is not taken for it', async () => {
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

test('a port that is taken is said in the words of the router, and nothing is left behind', async () => {
  const { run, stateFile } = await asked();
  const { port } = await startServer((_request, response) => response.end());

  await expect(run({ listen: `127.0.0.1:${port}` })).rejects.toMatchObject({
    code: 'TRAFFIC_ROUTER_NOT_LISTENING',
    message: containing(`127.0.0.1:${port}`),
    hint: containing('another address'),
  });
  expect(await readState(stateFile)).toBeUndefined();
});

test('weights that were given to one server are not given to another one', async () => {
  const { run, config, stateFile } = await asked();
  await run();
  await stopRouter(stateFile);

  await expect(run({ sides: { ...config.sides, stable: await serverSaying('other') } })).rejects.toMatchObject({ code: 'TRAFFIC_ROUTER_STATE_MISMATCH' });
});

test('the first weights are those of the step', async () => {
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
