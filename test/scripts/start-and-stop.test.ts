import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import type { Component, ServerKind } from '../../scripts/server/component.ts';
import { answersOk } from '../../scripts/server/run/answers-ok.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const cache = scratchFolder();
vi.stubEnv('RELPIPE_SERVERS', cache.path);
const { start } = await import('../../scripts/server/run/start.ts');
const { stop } = await import('../../scripts/server/run/stop.ts');
const { readState } = await import('../../scripts/server/state.ts');
const { status } = await import('../../scripts/server/status.ts');

const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
const complained = vi.spyOn(console, 'error').mockImplementation(() => undefined);

afterAll(() => cache[Symbol.dispose]());

/** A server that answers with the process number of a child, which has a group of its own. */
const parent = inNode('parent', (port) => `
  const child = require('child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  require('http').createServer((_, response) => response.end(String(child.pid))).listen(${port}, '127.0.0.1');`);

const broken = inNode('broken', () => "console.error('no luck today'); process.exit(3);");

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

test('a server that runs is started only once', async () => {
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

test('one that does not come up is told with the end of its log, and the others go on', async () => {
  expect(await start([broken, parent])).toBe(false);
  expect(complained).toHaveBeenCalledWith(expect.stringContaining('broken was not started: it ended before it answered.'));
  expect(complained).toHaveBeenCalledWith(expect.stringContaining('no luck today'));
  expect(readState().map(({ name }) => name)).toEqual(['parent']);
  await stop([parent]);
});

test.runIf(process.platform === 'linux')('after a crash, stop ends what the server left, and nobody who only looks into its folder', async () => {
  await start([parent]);
  const { url, folder, process: leader } = started('parent');
  const left = Number(await (await fetch(url)).text());
  const onlooker = spawn('sleep', ['600'], { cwd: folder, stdio: 'ignore', detached: true });
  const closed = once(onlooker, 'close');
  process.kill(leader!.pid, 'SIGKILL');
  await vi.waitUntil(() => hasEnded(leader!.pid));
  expect(hasEnded(left)).toBe(false);

  await status([parent]);
  expect(said).toHaveBeenLastCalledWith(expect.stringContaining('crashed'));
  await stop([parent]);

  expect(hasEnded(left)).toBe(true);
  expect(hasEnded(onlooker.pid!)).toBe(false);
  onlooker.kill();
  await closed;
});

test('a process that has the number of a server which ended is left alone', async () => {
  await start([parent]);
  const { folder, process: leader } = started('parent');
  const { enter } = await import('../../scripts/server/state.ts');
  const other = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
  const closed = once(other, 'close');
  const before = started('parent');
  enter({ ...before, name: 'earlier', folder: `${folder}-earlier`, process: { ...leader!, pid: other.pid! } });

  await stop([parent, { ...parent, name: 'earlier' }]);

  expect(hasEnded(other.pid!)).toBe(false);
  expect(readState()).toEqual([]);
  other.kill();
  await closed;
});
