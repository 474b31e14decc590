import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import type { Component, ServerKind } from '@relpipe/testing/servers/component';
import { afterAll, expect, test, vi } from 'vitest';

const cache = scratchFolder();
vi.stubEnv('RELPIPE_SERVERS', cache.path);
const { answersOk } = await import('@relpipe/testing/servers/ready');
const { start } = await import('@relpipe/testing/servers/start');
const { stop } = await import('@relpipe/testing/servers/stop');
const { readState } = await import('@relpipe/testing/servers/state');
const { status } = await import('@relpipe/testing/servers/status');

const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);

afterAll(() => cache[Symbol.dispose]());

/** A server that answers with the process number of a child in a process group of its own. */
const parent = inNode('parent', (port) => `
  const child = require('child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  require('http').createServer((_, response) => response.end(String(child.pid))).listen(${port}, '127.0.0.1');`);

const broken = inNode('broken', () => "console.error('no port today'); process.exit(3);");

function inNode(name: string, source: (port: number) => string): Component & { readonly server: ServerKind } {
  const server: ServerKind = {
    ports: ['http'],
    prepare({ port }) {
      const url = `http://127.0.0.1:${port('http')}`;
      return { arguments: ['-e', source(port('http'))], url, answers: () => answersOk(url) };
    },
  };
  return { name, programs: ['node'], versionArguments: ['--version'], from: 'debian', packages: [], server };
}

const started = (name: string) => readState().find((server) => server.name === name)!;

const hasEnded = (pid: number): boolean => !existsSync(`/proc/${pid}/exe`);

test('a server that already runs is not started again', async () => {
  expect(await start([parent])).toBe(true);
  const first = started('parent');
  expect(await start([parent])).toBe(true);
  expect(started('parent')).toEqual(first);
  expect(first.version).toMatch(/^\d+\.\d+\.\d+$/);

  expect(await stop([parent])).toBe(true);
  expect(hasEnded(first.process!.pid)).toBe(true);
  expect(existsSync(first.folder)).toBe(false);
  expect(readState()).toEqual([]);
});

test('a server that does not start is reported with the end of its log, and the others are started', async () => {
  expect(await start([broken, parent])).toBe(false);
  expect(errors).toHaveBeenCalledWith(expect.stringContaining('broken was not started: it exited before it answered.'));
  expect(errors).toHaveBeenCalledWith(expect.stringContaining('no port today'));
  expect(readState().map(({ name }) => name)).toEqual(['parent']);
  await stop([parent]);
});

test.runIf(process.platform === 'linux')('stop ends the processes of a crashed server, and no other process in its folder', async () => {
  await start([parent]);
  const { url, folder, process: leader } = started('parent');
  const left = Number(await (await fetch(url)).text());
  const bystander = spawn('sleep', ['600'], { cwd: folder, stdio: 'ignore', detached: true });
  const closed = once(bystander, 'close');
  process.kill(leader!.pid, 'SIGKILL');
  await vi.waitUntil(() => hasEnded(leader!.pid));
  expect(hasEnded(left)).toBe(false);

  await status([parent]);
  expect(printed).toHaveBeenLastCalledWith(expect.stringContaining('crashed'));
  await stop([parent]);

  expect(hasEnded(left)).toBe(true);
  expect(hasEnded(bystander.pid!)).toBe(false);
  bystander.kill();
  await closed;
});

test('stop does not end another process that has the number of a server that exited', async () => {
  await start([parent]);
  const { folder, process: leader } = started('parent');
  const { recordServer } = await import('@relpipe/testing/servers/state');
  const other = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
  const closed = once(other, 'close');
  const before = started('parent');
  recordServer({ ...before, name: 'earlier', folder: `${folder}-earlier`, process: { ...leader!, pid: other.pid! } });

  await stop([parent, { ...parent, name: 'earlier' }]);

  expect(hasEnded(other.pid!)).toBe(false);
  expect(readState()).toEqual([]);
  other.kill();
  await closed;
});
