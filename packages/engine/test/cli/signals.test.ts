import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe } from 'vitest';
import { eventsIn, pipeline, test } from './side-by-side.ts';

const working = (command: string, more = '') =>
  pipeline(`
stages:
  one:
    steps:
      - { id: work, run: ${JSON.stringify(command)}, rollback: [{ id: undo, run: "echo undone >> undone" }]${more} }
      - { id: last, run: "echo last > last" }`);

const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

const isAlive = (pid: string): boolean => existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

describe.concurrent('signals', () => {
  test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s interrupts a run within five seconds, with its own exit code, and the run can be resumed', async (signal, { folderWith, expect }) => {
    const folder = await folderWith(working('test -e again && exit 0; touch again; echo $$ >> pids; sleep 60', ', idempotent: true'));
    const run = folder.start(['run']);
    await folder.appears('pids');
    const askedAt = performance.now();
    run.child.kill(signal);
    const ended = await run.finished;
    expect(performance.now() - askedAt).toBeLessThan(5_000);
    expect({ code: ended.code, alive: folder.lines('pids').filter(isAlive) }, ended.stdout).toEqual({ code: codes[signal], alive: [] });
    expect(ended.stdout).toContain('relpipe resume');
    expect((await folder.relpipe('runs', '--json')).stdout).toContain('"interrupted"');
    const resumed = await folder.relpipe('resume');
    expect({ code: resumed.code, last: folder.lines('last'), undone: folder.lines('undone') }, resumed.stdout).toEqual({ code: 0, last: ['last'], undone: [] });
  });

  test('a command that ignores signals is ended all the same, within five seconds', async ({ folderWith, expect }) => {
    const folder = await folderWith(working('trap "" TERM INT; echo $$ > pids; while :; do sleep 0.1; done'));
    const run = folder.start(['run']);
    await folder.appears('pids');
    const askedAt = performance.now();
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(130);
    expect(performance.now() - askedAt).toBeLessThan(5_000);
    expect(folder.lines('pids').filter(isAlive)).toEqual([]);
  });

  test('the second signal ends the commands at once, and the run can be rolled back', async ( { folderWith, expect }) => {
    const folder = await folderWith(working('trap "" TERM INT; echo $$ > pids; while :; do sleep 0.1; done'));
    const run = folder.start(['run']);
    await folder.appears('pids');
    const askedAt = performance.now();
    run.child.kill('SIGTERM');
    run.child.kill('SIGINT');
    const { code } = await run.finished;
    expect([130, 143]).toContain(code);
    expect(performance.now() - askedAt).toBeLessThan(2_500);
    const rolledBack = await folder.relpipe('rollback', '--reason', 'enough');
    expect({ code: rolledBack.code, undone: folder.lines('undone') }, rolledBack.stdout).toEqual({ code: 3, undone: ['undone'] });
    expect(folder.lines('pids').filter(isAlive)).toEqual([]);
  });

  test('a rollback that a signal interrupts continues when the run is resumed', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - { id: base, run: "true", rollback: [{ id: undo-base, run: "echo base >> undone" }] }
      - { id: act, run: "true", rollback: [{ id: slow, run: "echo b >> began; test $(wc -l < began) = 2 || sleep 60; echo act >> undone" }] }
      - { id: boom, run: "exit 1" }
`),
    );
    const run = folder.start(['run']);
    await folder.appears('began');
    run.child.kill('SIGINT');
    expect((await run.finished).code).toBe(130);
    const { code, stdout } = await folder.relpipe('resume', '--json');
    expect({ code, undone: folder.lines('undone') }, stdout).toEqual({ code: 3, undone: ['act', 'base'] });
  });

  test('the events of a run that was killed and resumed have no gap and no duplicate', async ({ folderWith, expect }) => {
    const folder = await folderWith(working('echo began >> began; test $(wc -l < began) = 3', ', retry: { attempts: 3, backoff: 300ms..300ms }, idempotent: true'));
    const run = folder.start(['run', '--json']);
    await run.printed('"why":"backoff"');
    run.child.kill('SIGKILL');
    const first = (await run.finished).stdout;
    const second = await folder.relpipe('resume', '--json');
    expect(second.code, second.stdout).toBe(0);
    const whole = first.slice(0, first.lastIndexOf('\n') + 1);
    const told = eventsIn(whole + second.stdout).filter(({ seq }) => seq !== undefined).map(({ seq, i }) => `${String(seq)}.${String(i)}`);
    const recorded = eventsIn((await folder.relpipe('status', '--json')).stdout).filter(({ seq }) => seq !== undefined).map(({ seq, i }) => `${String(seq)}.${String(i)}`);
    expect(new Set(told).size).toBe(told.length);
    expect(told).toEqual(recorded);
  });

  test('stopped-driver-takes-an-rollback: what waits for a process that does not answer says so, since when, and what to do', async ({ folderWith, expect }) => {
    const folder = await folderWith(working('echo $$ > pids; sleep 60', ', idempotent: true'));
    const { child, finished } = folder.start(['run']);
    await folder.appears('pids');
    child.kill('SIGSTOP');
    const journal = new DatabaseSync(join(folder.path, '.relpipe/journal.db'));
    journal.exec('UPDATE leases SET heartbeat_at = heartbeat_at - 60000');
    journal.close();
    const silent = new RegExp(`Process ${child.pid} on \\S+ executes run \\S+ and has not answered since .*\\(1 m \\d\\d s\\)\\. End it there \\(kill -9 ${child.pid}\\)`);
    const rollback = await folder.relpipe('rollback', '--reason', 'hung');
    expect({ code: rollback.code, stdout: rollback.stdout }).toEqual({ code: 0, stdout: expect.stringMatching(silent) as string });
    expect(rollback.stdout).toContain('Nothing has acted on it yet.');
    expect((await folder.relpipe('status')).stdout).toMatch(silent);
    expect(await folder.relpipe('resume', '--due')).toMatchObject({ code: 8, stderr: expect.stringMatching(silent) as string });
    child.kill('SIGKILL');
    await finished;
    expect((await folder.relpipe('resume')).code).toBe(3);
    expect(folder.lines('undone')).toEqual(['undone']);
  });

  test.skipIf(process.platform !== 'linux')('daemon-survives-rollback: a daemon that left the process group of its command ends with its step', async ({ folderWith, expect }) => {
    const folder = await folderWith(working('setsid sleep 60 & echo $! > pids; sleep 60', ', idempotent: true'));
    const run = folder.start(['run']);
    await folder.appears('pids');
    run.child.kill('SIGINT');
    const { code, stderr } = await run.finished;
    expect({ code, stderr, alive: folder.lines('pids').filter(isAlive) }).toEqual({ code: 130, stderr: '', alive: [] });
  });

  test.skipIf(process.platform !== 'linux')('the second signal ends daemons, too', async ({ folderWith, expect }) => {
    const deaf = 'trap "" TERM INT; while :; do sleep 0.1; done';
    const folder = await folderWith(working(`setsid sh -c '${deaf}' & echo $! >> pids; ${deaf}`));
    const { child, finished } = folder.start(['run']);
    await folder.appears('pids');
    child.kill('SIGINT');
    child.kill('SIGINT');
    await finished;
    await expect.poll(() => folder.lines('pids').filter(isAlive)).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('a daemon of a step that had ended is named when the run does not succeed', async ({ folderWith, expect }) => {
    const leaves = 'setsid sleep 60 > /dev/null 2>&1 & echo $! > pids';
    const [bad, good] = await Promise.all([folderWith(working(leaves, ' }\n      - { id: boom, run: "exit 1"')), folderWith(working(leaves))]);
    try {
      const [failed, succeeded] = await Promise.all([bad.relpipe('run'), good.relpipe('run')]);
      const [pid = ''] = bad.lines('pids');
      expect(failed).toMatchObject({ code: 3, stderr: `Still running, started by one/work: process ${pid} (sleep 60). End it with: kill ${pid}\n` });
      expect(succeeded).toMatchObject({ code: 0, stderr: '' });
      expect(isAlive(pid)).toBe(true);
    } finally {
      for (const pid of [...bad.lines('pids'), ...good.lines('pids')]) process.kill(Number(pid));
    }
  });
});
