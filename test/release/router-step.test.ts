import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { folderWith, type Folder } from '../../packages/engine/test/cli/relpipe-in-a-folder.ts';
import { RouterProcess } from './world/router.ts';
import { kill, until } from './world/world.ts';

const sides = { stable: 'http://127.0.0.1:1', candidate: 'http://127.0.0.1:2' };

const pipeline = `
relpipe: 1
name: shop
plugins: { "@relpipe/plugin-traffic": "*" }
stages:
  release:
    steps:
      - { id: router, uses: traffic.router, with: { listen: "127.0.0.1:0", sides: ${JSON.stringify(sides)} } }
      - id: shift
        uses: traffic.shift
        with: { router: { embedded: { state: "\${{ steps.router.outputs.state }}" } }, stable: stable, candidate: candidate, weight: 0%, only-down: true }
      - { id: tell, run: "echo told \${{ steps.router.outputs.pid }} \${{ steps.router.outputs.started }}" }
`;

async function folderWithPipeline(): Promise<Folder> {
  const folder = await folderWith({ 'release.pipeline.yaml': pipeline });
  await symlink(resolve(import.meta.dirname, '../../node_modules'), join(folder.path, 'node_modules'));
  return folder;
}

/** What the last step has said of the router. */
const toldIn = (stdout: string): readonly (string | undefined)[] => /told (\d+) (true|false)/.exec(stdout)?.slice(1) ?? [];

test('a router that a run starts outlives it, and the next run leaves it alone', async () => {
  const folder = await folderWithPipeline();

  const first = await folder.relpipe('run');
  const [pid, started] = toldIn(first.stdout);
  expect({ code: first.code, started }, first.stdout + first.stderr).toEqual({ code: 0, started: 'true' });
  onTestFinished(() => void process.kill(Number(pid), 'SIGKILL'));

  const second = await folder.relpipe('run');
  expect(toldIn(second.stdout)).toEqual([pid, 'false']);
});

test('a run that dies while its router starts asks for it again when it is resumed', async () => {
  const folder = await folderWithPipeline();
  const stateFile = join(folder.path, '.relpipe/router.json');
  await mkdir(join(folder.path, '.relpipe'));
  // As a router does that is just starting.
  const lock = new DatabaseSync(`${stateFile}.lock`);
  lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  const run = folder.start(['run']);
  await until(async () => (await readFile(`${stateFile}.log`, 'utf8').catch(() => '')).includes('ALREADY_RUNNING'));
  await kill(run);
  lock.close();
  const router = new RouterProcess(stateFile, sides);
  onTestFinished(() => router.kill());
  await router.start();

  const { code, stdout, stderr } = await folder.relpipe('resume');

  expect({ code, told: toldIn(stdout) }, stdout + stderr).toEqual({ code: 0, told: [String(router.pid), 'false'] });
});
