import { spawnSync } from 'node:child_process';
import { chmod, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, type Folder } from '@relpipe/testing/relpipe-folder';
import { describe } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

/** Root may write everything: there, the reader is the user `nobody`. */
const reader = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Takes every right to write from `.relpipe`, as a mounted archive or the folder of another user has it. */
async function protect(folder: Folder): Promise<string> {
  const relpipeFolder = join(folder.path, '.relpipe');
  await chmod(folder.path, 0o755);
  for (const name of await readdir(relpipeFolder)) await chmod(join(relpipeFolder, name), name === 'runs' ? 0o755 : 0o444);
  await chmod(relpipeFolder, 0o555);
  return join(relpipeFolder, 'journal.db');
}

function read(journal: string, ...command: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...command, '--journal', journal], { ...reader, cwd: tmpdir(), encoding: 'utf8' });
  return { code: status, text: stdout + stderr };
}

describe.concurrent('a journal that this user may not write', () => {
  test('can be read by every command that only shows a run', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline('stages: { one: { steps: [{ id: hello, run: echo hello }] } }'));
    await folder.relpipe('run');
    const journal = await protect(folder);
    expect(read(journal, 'runs')).toEqual({ code: 0, text: expect.stringContaining('succeeded') as string });
    expect(read(journal, 'status')).toEqual({ code: 0, text: expect.stringContaining('one/hello') as string });
    expect(read(journal, 'logs').code).toBe(0);
    expect(read(journal, 'rollback', '--reason', 'x').code).toBe(2);
    await chmod(join(folder.path, '.relpipe'), 0o755);
  });

  test('can be read while another user executes a run', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline('stages: { one: { steps: [{ id: slow, run: "echo started > started; until test -e go; do sleep 0.02; done" }] } }'));
    const run = folder.start(['run']);
    await folder.appears('started');
    const journal = await protect(folder);
    expect(read(journal, 'status')).toEqual({ code: 0, text: expect.stringMatching(/trial: running[^]*one\/slow +running/) as string });
    await chmod(join(folder.path, '.relpipe'), 0o755);
    run.child.kill('SIGKILL');
    await run.finished;
  });
});
