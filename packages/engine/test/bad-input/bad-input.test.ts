import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * Every folder beside this file is a sample: what `relpipe` says about it stands in `expected.txt`, to the letter. `command.json` names other
 * arguments than `validate release.pipeline.yaml`; `packages/` is what is installed in `node_modules`.
 * `UPDATE_SAMPLES=1` writes what is said now, to be read before it is kept.
 */
const relpipe = join(import.meta.dirname, '../../dist/cli/bin.js');
const samples = (await readdir(import.meta.dirname, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let temporary: string;
beforeAll(async () => (temporary = realpathSync(await mkdtemp(join(tmpdir(), 'relpipe-bad-input-')))));
afterAll(() => rm(temporary, { recursive: true, force: true }));

describe.concurrent('relpipe says what is wrong, where, and what to do', () => {
  test.each(samples)('%s', async (sample) => {
    const source = join(import.meta.dirname, sample);
    const folder = await installed(source, join(temporary, sample));
    const { code, said } = await run(folder, await argumentsOf(folder));

    if (process.env['UPDATE_SAMPLES'] !== undefined) await writeFile(join(source, 'expected.txt'), said);
    expect(said).toBe(await readFile(join(source, 'expected.txt'), 'utf8'));
    expect(code).toBe(2);
    expect(existsSync(join(folder, '.relpipe'))).toBe(false);
  });
});

async function installed(source: string, folder: string): Promise<string> {
  await cp(source, folder, { recursive: true });
  await rm(join(folder, 'expected.txt'), { force: true });
  if (existsSync(join(folder, 'packages'))) await rename(join(folder, 'packages'), join(folder, 'node_modules'));
  return folder;
}

async function argumentsOf(folder: string): Promise<string[]> {
  const file = join(folder, 'command.json');
  if (!existsSync(file)) return ['validate', 'release.pipeline.yaml'];
  return (JSON.parse(await readFile(file, 'utf8')) as { args: string[] }).args;
}

function run(folder: string, args: readonly string[]): Promise<{ code: unknown; said: string }> {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', GITHUB_ACTIONS: '' };
  return new Promise((resolve) => {
    execFile(process.execPath, [relpipe, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, said: (stdout + stderr).replaceAll(folder, '<folder>') });
    });
  });
}
