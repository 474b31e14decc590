import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { binary, type Folder } from '@relpipe/testing/relpipe-folder';
import { describe } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

const asking = pipeline('stages: { one: { steps: [{ id: sure, approval: "Sure?" }, { id: act, run: pwd > act; false }] } }\non-failure: pause\n');
const park = ['--park-after', '0s'];

type Type = (command: string) => { readonly code: number | null; readonly stdout: string };

/** A shell in a folder: who types `cd` there is elsewhere from then on. */
async function shellIn(folder: Folder): Promise<Type> {
  const bin = join(folder.path, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'relpipe'), `#!/bin/sh\nexec '${process.execPath}' '${binary}' "$@"\n`);
  await chmod(join(bin, 'relpipe'), 0o755);
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, GITHUB_ACTIONS: '', GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '', CI: '' };
  let cwd = folder.path;
  return (command) => {
    const { status, stdout } = spawnSync('bash', ['-c', `${command}\ncode=$?; pwd > '${bin}/cwd'; exit $code`], { cwd, env, encoding: 'utf8' });
    cwd = readFileSync(join(bin, 'cwd'), 'utf8').trim();
    return { code: status, stdout };
  };
}

/** The command behind what is said in front of it. */
const commandIn = (text: string, command: string): string =>
  new RegExp(`((?:cd .+ && )?relpipe ${command} .*)$`, 'm').exec(text)?.[1] ?? `echo no ${command} in the text; false`;

/** From the first question to the end, by nothing but what was printed. */
async function goOnByWhatIsPrinted(first: string, folder: Folder): Promise<readonly (number | null)[]> {
  const type = await shellIn(folder);
  const status = type(commandIn(first, 'resume').replace('resume', 'status'));
  const approved = type(commandIn(status.stdout, 'approve'));
  const resumed = type(commandIn(approved.stdout, 'resume'));
  const rolledBack = type(commandIn(resumed.stdout, 'rollback'));
  const report = type(commandIn(rolledBack.stdout, 'report'));
  return [status, approved, resumed, rolledBack, report].map(({ code }) => code);
}

const asTheyShouldEnd = [0, 0, 6, 1, 0];

describe.concurrent('a command that is printed can be copied', () => {
  test('the hint of an error names the journal that was named', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline('stages: { one: { steps: [{ id: act, run: "true" }] } }\n'));
    await folder.relpipe('run', '--journal', 'runs.db');
    const { stderr } = await folder.relpipe('rollback', '--reason', 'late', '--journal', 'runs.db');
    expect(stderr).toMatch(/hint: See: relpipe status \S+ --journal \S+runs\.db\n/);
  });

  test('the hint of a failed command prints its log when it is copied, also that of a rollback', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline('stages: { one: { steps: [{ id: act, run: "true", rollback: [{ id: back, run: "echo no way back; exit 1" }] }, { id: boom, run: "exit 1" }] } }\n'),
    );
    const { stdout } = await folder.relpipe('run');
    const type = await shellIn(folder);
    const hints = [...stdout.matchAll(/hint: Read its whole output: (relpipe logs .*)/g)].map(([, command = '']) => type(command).stdout);
    expect(hints).toContainEqual(expect.stringContaining('no way back'));
  });

  test('a printed command starts with npx where relpipe is installed for a project only', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...asking, 'node_modules/.bin/relpipe': '' });
    await chmod(join(folder.path, 'node_modules/.bin/relpipe'), 0o755);
    const { stdout } = await folder.relpipe('run', ...park);
    expect(stdout).toMatch(/Resume it with: npx relpipe resume \S+\n/);
    expect((await folder.relpipe('status', 'x')).stderr).toContain('List the runs: npx relpipe runs.');
  });

  test('a printed command can be copied when the journal was named', async ({ folderWith, expect }) => {
    const [folder, elsewhere] = await Promise.all([folderWith(asking), folderWith({ empty: '' })]);
    await mkdir(join(folder.path, "ann's runs"));
    const { stdout } = await folder.relpipe('run', ...park, '--journal', "ann's runs/journal.db");
    expect(await goOnByWhatIsPrinted(stdout, folder)).toEqual(asTheyShouldEnd);
    const again = await elsewhere.relpipe('run', join(folder.path, 'release.pipeline.yaml'), ...park, '--journal', 'runs.db');
    expect(await goOnByWhatIsPrinted(again.stdout, elsewhere)).toEqual(asTheyShouldEnd);
    expect(folder.lines('act')).toEqual([folder.path]);
  });

  test('a printed command can be copied when the file was run from another repository', async ({ folderWith, expect }) => {
    const [folder, elsewhere] = await Promise.all([folderWith(asking), folderWith({ empty: '' })]);
    const { stdout } = await elsewhere.relpipe('run', join(folder.path, 'release.pipeline.yaml'), ...park);
    expect(await goOnByWhatIsPrinted(stdout, elsewhere)).toEqual(asTheyShouldEnd);
  });

  test('a printed command is as short as possible in the repository of the run', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking);
    const { stdout } = await folder.relpipe('run', ...park);
    expect(stdout).toMatch(/relpipe resume [\w-]+$/m);
    expect(await goOnByWhatIsPrinted(stdout, folder)).toEqual(asTheyShouldEnd);
  });
});
