import { existsSync, readFileSync } from 'node:fs';
import { describe } from 'vitest';
import { endsIn, eventsIn, pipeline, test } from './side-by-side.ts';

const isAlive = (pid: string): boolean => existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

describe.concurrent('timeouts', () => {
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
