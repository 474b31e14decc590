import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { describe } from 'vitest';
import { RunWriter } from '../../src/run/local/run-writer.ts';
import { openSqliteStore } from '../../src/run/store/sqlite/open-sqlite-store.ts';
import { pipeline, runIn, test } from './side-by-side.ts';

const hello = pipeline('stages: { one: { steps: [{ id: hi, run: "echo hi; echo ran >> ran" }] } }');
const asking = pipeline('stages: { one: { steps: [{ id: sure, approval: "Sure?" }, { id: act, run: "pwd > act; echo acted" }] } }');
const park = ['--park-after', '0s'] as const;

/** The same pipeline, of which several runs may be open at once. */
const besideOthers = ({ 'release.pipeline.yaml': text = '' }: ReturnType<typeof pipeline>) => ({ 'release.pipeline.yaml': `${text}\nconcurrency: none\n` });

/** Adds the fact by which another relpipe takes up the last run. */
async function resumeAs(file: string, by: { readonly rules: number; readonly engine: string }): Promise<void> {
  const store = openSqliteStore(file);
  const run = (await store.runs()).at(-1)!.id;
  const lease = await store.takeLease(run);
  const writer = new RunWriter(store, lease, (await store.readRun(run)).head);
  writer.append({ fact: 'resumed', ...by, format: 2, host: 'elsewhere' }, Date.now());
  await writer.commit();
  await lease.release();
  await store.close();
}

describe.concurrent('parking', () => {
  test('a hold that is longer than --park-after parks, shows when it wakes, and continues when it is due', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline('stages: { one: { steps: [{ id: wait, hold: 1500ms }, { id: hi, run: "echo ran > ran" }] } }'));
    const parked = await folder.relpipe('run', ...park);
    expect({ code: parked.code, ran: folder.lines('ran') }, parked.stdout).toEqual({ code: 75, ran: [] });
    const { wakeAt, state } = JSON.parse((await folder.relpipe('runs', '--json')).stdout) as { wakeAt: number; state: string };
    expect(state).toBe('parked');
    expect((await folder.relpipe('status')).stdout).toContain('relpipe resume');
    while (Date.now() < wakeAt) await pause(20);
    const { code } = await folder.relpipe('resume', '--due', ...park);
    expect({ code, ran: folder.lines('ran') }).toEqual({ code: 0, ran: ['ran'] });
    expect((await folder.relpipe('resume', '--due')).code).toBe(0);
  });

  test.for([
    ['gate-step-never-parks: a step that waits for a gate', 'gate: calm', '10s'],
    ['over-hold-never-parks: a hold that is over', 'hold: 300ms, gates: [calm]', '100ms'],
  ] as const)('%s parks, however often its gate samples, and wakes after wake-every', async ([, step, every], { folderWith, expect }) => {
    const gate = `gates: { calm: { every: ${every}, metrics: { incidents: { run: "echo 1", unit: count, threshold: { warn: 0 }, no-data: inconclusive } } } }`;
    const folder = await folderWith(pipeline(`${gate}\nstages: { one: { steps: [{ id: calm, ${step}, timeout: 2h, wake-every: 20m }] } }`));
    for (const command of ['run', 'resume']) {
      const { code, stdout } = await folder.relpipe(command, '--park-after', '1s');
      expect(code, stdout).toBe(75);
      const { wakeAt } = JSON.parse((await folder.relpipe('runs', '--json')).stdout) as { wakeAt: number };
      expect((wakeAt - Date.now()) / 60_000).toBeCloseTo(20, 0);
    }
  });

  test('--parked-exit-code takes the place of 75, and an invalid one is refused before anything is recorded', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking);
    for (const wrong of [['--parked-exit-code', '900'], ['--park-after', 'soon'], ['--parallel', 'many'], ['--input', 'x'], ['--nonsense']])
      expect((await folder.relpipe('run', ...wrong)).code).toBe(2);
    expect((await folder.relpipe('runs', '--json')).stdout).toBe('');
    expect((await folder.relpipe('run', '--parked-exit-code', '0', ...park)).code).toBe(0);
  });
});

test('resume without a name reports how the newest run ended when none is open, with its exit code', async ({ folderWith, expect }) => {
  const folder = await folderWith(pipeline('stages: { one: { steps: [{ id: act, run: "true", rollback: [{ id: back, run: "true" }] }, { id: boom, run: "exit 1" }] } }'));
  expect((await folder.relpipe('run')).code).toBe(3);
  const { code, stdout } = await folder.relpipe('resume');
  expect({ code, stdout }).toEqual({ code: 3, stdout: expect.stringContaining('rolled back') as string });
});

test('what relpipe keeps of runs is readable by its user only', async ({ folderWith, expect }) => {
  const folder = await folderWith(asking);
  await folder.relpipe('run', ...park);
  expect(statSync(join(folder.path, '.relpipe')).mode & 0o777).toBe(0o700);
});

test('on GitHub, the next job learns whether a run is parked or over', async ({ folderWith, expect }) => {
  const folder = await folderWith(asking);
  const file = join(folder.path, 'github-output');
  const env = { GITHUB_OUTPUT: file };
  await folder.start(['run', ...park, '--parked-exit-code', '0'], env).finished;
  await folder.relpipe('approve');
  await folder.start(['resume'], env).finished;
  const [run] = folder.lines('github-output');
  expect(folder.lines('github-output')).toEqual([run, 'state=parked', 'outcome=', run, 'state=over', 'outcome=succeeded']);
});

describe.concurrent('several processes', () => {
  test('only one of several processes drives a run', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline('stages: { one: { steps: [{ id: slow, run: "echo began > began; until test -e go; do sleep 0.02; done" }] } }'));
    const run = folder.start(['run']);
    await folder.appears('began');
    const second = await folder.relpipe('resume');
    expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 8, stderr: expect.stringContaining('REL_RUN_BUSY') as string });
    expect((await folder.relpipe('resume', '--due')).code).toBe(0);
    expect((await folder.relpipe('status')).stdout).toContain('running');
    writeFileSync(join(folder.path, 'go'), '');
    expect((await run.finished).code).toBe(0);
  });

  test('a run whose process was killed is not shown as running, neither to programs nor to people', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline('stages: { one: { steps: [{ id: slow, run: "echo began > began; sleep 600", idempotent: true }] } }'));
    const run = folder.start(['run']);
    await folder.appears('began');
    const stateNow = async () => (JSON.parse((await folder.relpipe('runs', '--json')).stdout) as { state: string }).state;
    expect(await stateNow()).toBe('running');
    run.child.kill('SIGKILL');
    await run.finished;
    expect(await stateNow()).toBe('interrupted');
    expect((await folder.relpipe('runs')).stdout).toContain('interrupted');
    expect((await folder.relpipe('rollback', '--reason', 'enough')).code).toBe(1);
  });

  test('two runs of one folder do not disturb each other, and can be named by the end of their id', async ({ folderWith, expect }) => {
    const folder = await folderWith(besideOthers(asking));
    const [a, b] = await Promise.all([folder.relpipe('run', ...park), folder.relpipe('run', ...park)]);
    const [left, right] = [runIn(a.stdout), runIn(b.stdout)];
    expect(left).not.toBe(right);
    const { code, stderr } = await folder.relpipe('approve');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('REL_RUN_AMBIGUOUS') as string });
    expect((await folder.relpipe('approve', left.slice(-4))).code).toBe(0);
    expect((await folder.relpipe('resume', left.slice(-4))).code).toBe(0);
    expect((await folder.relpipe('status', right.slice(-4))).stdout).toContain(right);
    expect((await folder.relpipe('resume', right, ...park)).code).toBe(75);
    expect((await folder.relpipe('resume', 'zzzz')).code).toBe(2);
  });

  test('a run that is over cannot be changed, only inspected', async ({ folderWith, expect }) => {
    const folder = await folderWith(hello);
    expect((await folder.relpipe('status')).code).toBe(2);
    const run = runIn((await folder.relpipe('run')).stdout);
    for (const word of ['approve', 'reject', 'resolve --took-effect', 'continue --reason x', 'rollback --reason x'])
      expect({ word, code: (await folder.relpipe(...word.split(' '))).code }).toEqual({ word, code: 2 });
    expect((await folder.relpipe('resume', run)).code).toBe(0);
    expect((await folder.relpipe('logs')).stdout).toContain('hi');
    expect((await folder.relpipe('logs', run, 'hi')).stdout).toContain('==> one/hi');
    expect((await folder.relpipe('logs', run, 'ho')).code).toBe(2);
    expect((await folder.relpipe('runs')).stdout).toContain(run);
    const report = await folder.relpipe('report', run, '-o', 'report.html');
    expect({ code: report.code, has: folder.lines('report.html').join('').includes('one/hi') }).toEqual({ code: 0, has: true });
    expect(folder.lines('ran')).toEqual(['ran']);
  });

  test('a rollback that cannot resume the run reports that it is recorded, and the next resume acts on it', async ({ folderWith, expect }) => {
    const back = '{ id: back, env: { GIVEN: "${{ secrets.TOKEN }}" }, run: "true" }';
    const steps = `{ id: base, run: "true", rollback: [${back}] }, { id: sure, approval: "Sure?" }, { id: act, run: "echo acted >> act" }`;
    const folder = await folderWith(pipeline(`secrets: { TOKEN: {} }\nstages: { one: { steps: [${steps}] } }`));
    const token = { TOKEN: 'any-token' };
    await folder.start(['run', ...park], token).finished;
    const { code, stderr } = await folder.relpipe('rollback', '--reason', 'enough');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/REL_SECRETS_MISSING[^]*The rollback is recorded/) as string });
    await folder.relpipe('approve');
    expect({ code: (await folder.start(['resume'], token).finished).code, acted: folder.lines('act') }).toEqual({ code: 3, acted: [] });
  });

  test('a report that cannot be written changes nothing about how the run ended', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...pipeline('stages: { one: { steps: [{ id: no, run: "exit 1" }] } }'), file: 'a file' });
    const { code, stderr } = await folder.relpipe('run', '--report', 'file/report.html');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('cannot be written') as string });
    expect((await folder.relpipe('report', '-o', 'file/report.html')).code).toBe(2);
  });

  test('validate and plan change nothing', async ({ folderWith, expect }) => {
    const folder = await folderWith(hello);
    expect((await folder.relpipe('validate')).code).toBe(0);
    const plan = await folder.relpipe('plan');
    expect({ code: plan.code, says: plan.stdout.includes('one/hi') }, plan.stdout).toEqual({ code: 0, says: true });
    expect({ ran: folder.lines('ran'), journal: existsSync(join(folder.path, '.relpipe')) }).toEqual({ ran: [], journal: false });
    expect((await folder.relpipe('validate', 'nowhere.yaml')).code).toBe(2);
  });
});

describe.concurrent('the journal', () => {
  test('a journal may be anywhere, named by its full path', async ({ folderWith, expect }) => {
    const [folder, elsewhere] = await Promise.all([folderWith(asking), folderWith({ empty: '' })]);
    const journal = ['--journal', join(elsewhere.path, 'deep', 'journal.db')];
    mkdirSync(join(elsewhere.path, 'deep'));
    expect((await folder.relpipe('run', ...park, ...journal)).code).toBe(75);
    expect(existsSync(join(folder.path, '.relpipe/journal.db'))).toBe(false);
    expect((await folder.relpipe('approve', ...journal)).code).toBe(0);
    expect((await folder.relpipe('resume', ...journal)).code).toBe(0);
    expect((await folder.relpipe('status', ...journal)).stdout).toContain('succeeded');
  });

  test('a journal of another repository is read with its logs, and its runs continue in their own folder', async ({ folderWith, expect }) => {
    const [folder, elsewhere] = await Promise.all([
      folderWith(pipeline('stages: { one: { steps: [{ id: hi, run: echo hi }, { id: sure, approval: "Sure?" }, { id: act, run: pwd > act }] } }')),
      folderWith({ empty: '' }),
    ]);
    const journal = ['--journal', join(folder.path, '.relpipe/journal.db')];
    await folder.relpipe('run', ...park);
    expect((await elsewhere.relpipe('logs', ...journal)).stdout).toBe('==> one/hi (run 1)\nhi\n');
    expect((await elsewhere.relpipe('approve', ...journal)).code).toBe(0);
    expect((await elsewhere.relpipe('resume', ...journal)).code).toBe(0);
    expect(folder.lines('act')).toEqual([folder.path]);
  });

  test('a run of a journal outside of its repository is not resumed in a folder without its pipeline file', async ({ folderWith, expect }) => {
    const [folder, elsewhere] = await Promise.all([
      folderWith(pipeline('stages: { one: { steps: [{ id: sure, approval: "Sure?" }, { id: act, run: pwd > act }] } }')),
      folderWith({ empty: '' }),
    ]);
    const journal = ['--journal', join(elsewhere.path, 'runs.db')];
    await folder.relpipe('run', ...park, ...journal);
    expect((await folder.relpipe('approve', ...journal)).code).toBe(0);
    const { code, stderr } = await elsewhere.relpipe('resume', ...journal);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('REL_FILE_MISSING') as string });
    expect((await folder.relpipe('resume', ...journal)).code).toBe(0);
    expect(folder.lines('act')).toEqual([folder.path]);
  });

  test('a journal detects a fact that was changed, and no run is resumed from it', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking);
    await folder.relpipe('run', ...park);
    const database = new DatabaseSync(join(folder.path, '.relpipe/journal.db'));
    database.exec(`UPDATE facts SET body = replace(body, 'echo acted', 'echo haunt') WHERE seq = 1`);
    database.close();
    for (const command of [['resume'], ['status'], ['approve'], ['report']]) {
      const { code, stderr } = await folder.relpipe(...command);
      expect({ command, code, stderr }).toEqual({ command, code: 2, stderr: expect.stringContaining('REL_JOURNAL_CHAIN_BROKEN') as string });
    }
    expect(folder.lines('act')).toEqual([]);
  });

  test('a run that a newer relpipe has decided under other rules is shown, and not resumed', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking);
    await folder.relpipe('run', ...park);
    await resumeAs(join(folder.path, '.relpipe/journal.db'), { rules: 1000, engine: '9.0.0' });
    expect((await folder.relpipe('status')).code).toBe(0);
    const { code, stderr } = await folder.relpipe('resume');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/REL_RUN_NEWER: [^]*Resume it with relpipe 9\.0\.0[^]*relpipe status/) as string });
  });

  test('a file that is not a journal is left as it is', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...hello, 'notes.db': 'these are my notes, not a database, and they are long enough to be taken for one' });
    const { code, stderr } = await folder.relpipe('run', '--journal', 'notes.db');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/REL_JOURNAL/) as string });
    expect(folder.lines('notes.db').join('')).toContain('my notes');
    expect(folder.lines('ran')).toEqual([]);
  });

  test('a journal that cannot be written stops a run before it starts', async ({ folderWith, expect }) => {
    const folder = await folderWith(hello);
    // Not even root can make a file there.
    const { code, stderr } = await folder.relpipe('run', '--journal', '/sys/relpipe/journal.db');
    expect({ code, stderr, ran: folder.lines('ran') }).toEqual({ code: 2, stderr: expect.stringContaining('REL_JOURNAL') as string, ran: [] });
  });

  test.skipIf(process.platform !== 'linux')('a journal that can no longer be written interrupts a run, which is not a refusal, and it can be resumed later', async ({ folderWith, expect }) => {
    // Of the driver: no file of it may grow any more.
    const full = 'prlimit --pid "$PPID" --fsize=1';
    const folder = await folderWith(
      pipeline(`stages: { one: { steps: [{ id: first, run: "echo first >> ran" }, { id: full, idempotent: true, run: 'echo full >> ran; test -e room || ${full}' }, { id: last, run: "echo last >> ran" }] } }`),
    );
    const { code, stderr } = await folder.relpipe('run');
    expect({ code, stderr }).toEqual({ code: 70, stderr: expect.stringMatching(/REL_JOURNAL/) as string });
    expect(folder.lines('ran')).toEqual(['first', 'full']);
    writeFileSync(join(folder.path, 'room'), '');
    expect((await folder.relpipe('resume')).code).toBe(0);
    expect(folder.lines('ran')).toEqual(['first', 'full', 'full', 'last']);
  });

  test('a journal whose folder is a file stops a run before it starts', async ({ folderWith, expect }) => {
    const [folder, named] = await Promise.all([folderWith({ ...hello, '.relpipe': 'a file' }), folderWith({ ...hello, file: 'a file' })]);
    const ended = [await folder.relpipe('run'), await named.relpipe('run', '--journal', join(named.path, 'file/journal.db'))];
    expect(ended.map(({ code, stderr }) => ({ code, says: /REL_JOURNAL_[A-Z]+/.exec(stderr)?.[0] }))).toEqual([
      { code: 2, says: 'REL_JOURNAL_UNREACHABLE' },
      { code: 2, says: 'REL_JOURNAL_UNREACHABLE' },
    ]);
    expect([...folder.lines('ran'), ...named.lines('ran')]).toEqual([]);
  });
});

describe.concurrent('in a git repository', () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', '-c', 'commit.gpgsign=false', ...args], { cwd, stdio: 'pipe' });
  const inside = { 'deploy/release.pipeline.yaml': asking['release.pipeline.yaml'] ?? '' };

  test('in a git repository the journal is at its root, and a run is resumed at its own commit only, from any folder', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...inside, 'other/readme': 'x' });
    git(folder.path, 'init', '-q');
    git(folder.path, 'add', '.');
    git(folder.path, 'commit', '-qm', 'first');
    const deploy = join(folder.path, 'deploy');
    expect((await folder.start(['run', ...park], {}, deploy).finished).code).toBe(75);
    expect(existsSync(join(folder.path, '.relpipe/journal.db'))).toBe(true);
    git(folder.path, 'commit', '-qm', 'second', '--allow-empty');
    expect((await folder.relpipe('approve')).code).toBe(0);
    const refused = await folder.relpipe('resume');
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/REL_COMMIT_MISMATCH[^]*--checkout/) as string });
    expect((await folder.relpipe('resume', '--due')).code).toBe(2);
    git(folder.path, 'checkout', '-q', 'HEAD~1');
    expect((await folder.start(['resume'], {}, join(folder.path, 'other')).finished).code).toBe(0);
    expect(folder.lines('deploy/act')[0]).toMatch(/\/deploy$/);
  });

  test('a run records whether its work tree was as in the commit', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking);
    git(folder.path, 'init', '-q');
    git(folder.path, 'add', '.');
    git(folder.path, 'commit', '-qm', 'first');
    await folder.relpipe('run', ...park);
    expect((await folder.relpipe('status')).stdout).toMatch(/^plan release\.pipeline\.yaml at [0-9a-f]{12}$/m);
    writeFileSync(join(folder.path, 'new'), 'x');
    await folder.relpipe('run', ...park);
    expect((await folder.relpipe('status')).stdout).toMatch(/^plan release\.pipeline\.yaml at [0-9a-f]{12} with uncommitted changes$/m);
  });

  test('a run is resumed with its recorded plan, whatever the file contains now', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking);
    await folder.relpipe('run', ...park);
    writeFileSync(join(folder.path, 'release.pipeline.yaml'), 'this is: [no pipeline');
    await folder.relpipe('approve');
    expect((await folder.relpipe('resume')).code).toBe(0);
    rmSync(join(folder.path, 'release.pipeline.yaml'));
    expect((await folder.relpipe('status')).stdout).toContain('succeeded');
    expect(folder.lines('act')).toHaveLength(1);
  });
});

describe.concurrent('resume --due', () => {
  test('resume --due is refused where there is no run at all, and says so where none is due', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking);
    const empty = await folder.relpipe('resume', '--due');
    expect({ code: empty.code, stderr: empty.stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/REL_NO_RUNS[^]*journal\.db/) as string });
    await folder.relpipe('run', ...park);
    const early = await folder.relpipe('resume', '--due');
    expect({ code: early.code, stdout: early.stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^None of 1 run in .*journal\.db is due\.$/m) as string });
  });

  test('resume --due ends with the worst of its runs, and one that cannot be resumed does not keep back the others', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline('concurrency: none\ninputs: { n: { type: integer, required: true } }\nstages: { one: { steps: [{ id: sure, approval: "Sure?" }, { id: act, run: "echo ${{ inputs.n }} >> acts; test ${{ inputs.n }} != 2" }] } }'));
    const runs = [];
    for (const n of [1, 2, 3]) runs.push(runIn((await folder.relpipe('run', ...park, '-i', `n=${String(n)}`)).stdout));
    for (const run of runs) await folder.relpipe('approve', run);
    const database = new DatabaseSync(join(folder.path, '.relpipe/journal.db'));
    database.exec(`UPDATE facts SET at = at + 1 WHERE run = '${runs[0] ?? ''}' AND seq = 2`);
    database.close();
    const { code, stderr } = await folder.relpipe('resume', '--due', ...park);
    expect({ code, acts: folder.lines('acts') }, stderr).toEqual({ code: 1, acts: ['2', '3'] });
  });
});
