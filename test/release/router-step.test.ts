import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { kill } from '@relpipe/testing/release/fixture';
import { RouterProcess } from '@relpipe/testing/release/router-process';
import { type Folder, folderWith, installPlugins } from '@relpipe/testing/relpipe-folder';
import { until } from '@relpipe/testing/wait-until';
import { expect, onTestFinished, test } from 'vitest';

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
      - { id: print, run: "echo router \${{ steps.router.outputs.pid }} \${{ steps.router.outputs.started }}" }
`;

async function folderWithPipeline(): Promise<Folder> {
  const folder = await folderWith({ 'release.pipeline.yaml': pipeline });
  installPlugins(folder.path);
  return folder;
}

/** The process and the `started` of the router, as the last step printed them. */
const printedIn = (stdout: string): readonly (string | undefined)[] => /router (\d+) (true|false)/.exec(stdout)?.slice(1) ?? [];

test('a router that a run starts outlives the run, and the next run uses it', async () => {
  const folder = await folderWithPipeline();

  const first = await folder.relpipe('run');
  const [pid, started] = printedIn(first.stdout);
  expect({ code: first.code, started }, first.stdout + first.stderr).toEqual({ code: 0, started: 'true' });
  onTestFinished(() => void process.kill(Number(pid), 'SIGKILL'));

  const second = await folder.relpipe('run');
  expect(printedIn(second.stdout)).toEqual([pid, 'false']);
});

test('a run that is killed while its router starts asks for the router again when it is resumed', async () => {
  const folder = await folderWithPipeline();
  const stateFile = join(folder.path, '.relpipe/router.json');
  await mkdir(join(folder.path, '.relpipe'));
  // A router that is starting holds this lock.
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

  expect({ code, printed: printedIn(stdout) }, stdout + stderr).toEqual({ code: 0, printed: [String(router.pid), 'false'] });
});
