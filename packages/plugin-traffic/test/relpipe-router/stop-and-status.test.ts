import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { routerProgram } from '../../src/relpipe-router/this-package.ts';
import { asked } from '../support/router-step.ts';
import { endAfterwards, temporaryFolder } from '../support/test-router.ts';

const relpipeRouter = (...args: readonly string[]) => relpipeRouterIn(process.cwd(), ...args);

async function relpipeRouterIn(cwd: string, ...args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [routerProgram(), ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

test('relpipe-router status prints where a router listens, and weight and health of its sides', async () => {
  const { run, stateFile, config } = await asked();
  const { listen, pid } = await run();

  const { code, stdout } = await relpipeRouter('status', '--state', stateFile);

  expect(code).toBe(0);
  expect(stdout).toContain(`${listen}  (process ${pid} since `);
  expect(stdout).toMatch(new RegExp(`\\n {2}stable +100 % +(healthy|unknown) +0 in flight +${config.sides['stable'] ?? ''}\\n`));
});

test('a router that was started with a relative state file is reached from every folder', async () => {
  const folder = await temporaryFolder();
  const started = spawn(process.execPath, [routerProgram(), '--state', 'state/router.json', '--side', 'stable=http://127.0.0.1:1'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  endAfterwards(started.pid ?? 0);
  await once(started.stderr, 'data');

  const elsewhere = await relpipeRouterIn(tmpdir(), 'status', '--state', join(folder, 'state/router.json'));

  expect(elsewhere).toMatchObject({ code: 0, stderr: '' });
});

test('relpipe-router set sets weights by names or URLs of the sides, and prints them', async () => {
  const { run, stateFile, config } = await asked();
  await run();

  const { code, stdout } = await relpipeRouter('set', '--state', stateFile, '--weights', `stable=75,${config.sides['candidate'] ?? ''}=25`);

  expect(code).toBe(0);
  expect(stdout).toMatch(/\n {2}candidate +25 % .*\n {2}stable +75 % /);
});

test('relpipe-router stop stops a router, and another one can start at once', async () => {
  const { run, stateFile } = await asked();
  const first = await run();

  expect(await relpipeRouter('stop', '--state', stateFile)).toEqual({ code: 0, stdout: '', stderr: '' });

  await expect(fetch(first.listen)).rejects.toThrow();
  expect(await run()).toMatchObject({ started: true });
});

test.each([
  [['stop', '--state', '/nowhere/router.json'], 1, /^TRAFFIC_ROUTER_NOT_REACHED: No router is running on the state file \/nowhere\/router.json/],
  [['status', '--state', '/nowhere/router.json'], 1, /^TRAFFIC_ROUTER_NOT_REACHED/],
  [['set', '--state', '/nowhere/router.json'], 2, /^TRAFFIC_ROUTER_USAGE: set needs --state FILE and --weights A=90,B=10/],
  [['stop'], 2, /^TRAFFIC_ROUTER_USAGE: stop needs --state FILE/],
  [['status', '--sate', 'router.json'], 2, /^TRAFFIC_ROUTER_USAGE: Unknown option '--sate'/],
])('relpipe-router with the arguments %j fails and prints the reason', async (args, expected, reason) => {
  const { code, stderr } = await relpipeRouter(...args);

  expect(code).toBe(expected);
  expect(stderr).toMatch(reason);
});
