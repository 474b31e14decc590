import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { endsIn, eventsIn, pipeline, test } from './side-by-side.ts';

const isAlive = (pid: string): boolean => existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** The clock of the machine is set by so much once the hold has begun. */
const clockThatIsSet = (ms: number) => `
const { existsSync } = require('node:fs');
const real = Date.now;
Date.now = () => real() + (existsSync('set') ? ${ms} : 0);`;

describe.concurrent('timeouts', () => {
  test.for([
    ['back', -7_200_000, 'the clock of this machine was set back by 2 h 00 m'],
    ['forward', 7_200_000, 'the clock of this machine was set forward by 2 h 00 m'],
  ] as const)('clock-set-back-lengthens-hold: a hold lasts its time when the clock of the machine is set %s during it, and the record says so', async ([, ms, line], { folderWith, expect }) => {
    const folder = await folderWith({ ...pipeline('stages: { one: { steps: [{ id: wait, hold: 1500ms }] } }'), 'clock.cjs': clockThatIsSet(ms) });
    const run = folder.start(['run', '--park-after', 'never'], { NODE_OPTIONS: `--require=${join(folder.path, 'clock.cjs')}` });
    const begunAt = performance.now();
    await run.printed('holding until');
    writeFileSync(join(folder.path, 'set'), '');
    const { code, stdout } = await run.finished;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(line) as string });
    expect(performance.now() - begunAt).toBeGreaterThan(1_400);
    const events = eventsIn((await folder.relpipe('status', '--json')).stdout);
    expect(events.find(({ type }) => type === 'clock-set')?.['byMs']).toBeCloseTo(ms, -2);
    expect(events.find(({ type }) => type === 'step-ended')?.['durationMs']).toBeLessThan(20_000);
  });

  test.skipIf(process.platform !== 'linux')('a timed-out step ends its grandchildren, also those that ignore signals', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - id: slow
        run: |
          bash -c 'trap "" TERM; echo $BASHPID >> pids; while :; do sleep 0.05; done' &
          bash -c 'sleep 60 & echo $! >> pids; wait' &
          echo $$ >> pids
          wait
        timeout: 1s
`),
    );
    const { code, stdout } = await folder.relpipe('run', '--json');
    const end = eventsIn(stdout).find(({ type }) => type === 'step-ended');
    expect({ code, end }).toMatchObject({ code: 1, end: { end: 'failed', failure: { code: 'REL_STEP_TIMED_OUT' } } });
    expect(folder.lines('pids')).toHaveLength(3);
    expect(folder.lines('pids').filter(isAlive)).toEqual([]);
  });

  test('a stage that works longer than its timeout fails, and its holds do not count', async ({ folderWith, expect }) => {
    const staged = (last: string) =>
      pipeline(`
stages:
  one:
    timeout: 2s
    steps:
      - { id: quick, run: "true" }
      - { id: wait, hold: 2500ms }
      - { id: last, run: "${last}", timeout: 1s }
`);
    const [fine, late] = await Promise.all([folderWith(staged('true')), folderWith(staged('sleep 20'))]);
    const [good, bad] = await Promise.all([fine.relpipe('run', '--json'), late.relpipe('run', '--json')]);
    expect(good.code).toBe(0);
    expect({ code: bad.code, ends: endsIn(bad.stdout) }).toMatchObject({ code: 1, ends: { 'one/last': 'failed' } });
  });

  test('a stage timeout stops the steps that work, whatever their own timeout', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    timeout: 1s
    parallel: true
    steps:
      - { id: a, run: "sleep 20" }
      - { id: b, run: "sleep 20" }
`),
    );
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect({ code, ends: endsIn(stdout) }).toEqual({ code: 1, ends: { 'one/a': 'failed', 'one/b': 'failed' } });
  });

  test('defaults.timeout limits one attempt, and not a hold', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
defaults: { timeout: 1s }
stages:
  one:
    steps:
      - { id: wait, hold: 1200ms }
      - id: twice
        run: "if test -e tried; then echo again > tried; exit 0; fi; touch tried; sleep 20"
        retry: { attempts: 2, backoff: 50ms..50ms }
`),
    );
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect({ code, tried: folder.lines('tried') }, stdout).toEqual({ code: 0, tried: ['again'] });
  });
});
