import { join } from 'node:path';
import { describe } from 'vitest';
import { endsIn, eventsIn, pipeline, test } from './side-by-side.ts';

const hour = 3_600_000;

/** `14:05`, on the clocks of UTC. */
const timeAt = (at: number): string => new Date(at).toISOString().slice(11, 16);

/** The clock of the machine, later by so much. */
const clockLater = (ms: number) => `const real = Date.now; Date.now = () => real() + ${ms};`;

/** One window that opens in two hours, for an hour. */
function inTwoHours(body: string) {
  const opens = Date.now() + 2 * hour;
  return pipeline(`windows: { later: { hours: "${timeAt(opens)}..${timeAt(opens + hour)}", zone: UTC } }\n${body}`);
}

const stages = `
stages:
  one: { steps: [{ id: first, run: "echo first >> log", rollback: none }] }
  two: { needs: [one], window: later, steps: [{ id: second, run: "echo second >> log", rollback: none }] }
  three:
    steps: [{ id: third, run: "echo third >> log", rollback: none, window: [later] }]
`;

describe.concurrent('windows', () => {
  test('a run parks until the window of a stage and of a step opens, says so, and continues then', async ({ folderWith, expect }) => {
    const folder = await folderWith({ ...inTwoHours(stages), 'later.cjs': clockLater(2 * hour + 60_000) });
    const parked = await folder.relpipe('run', '--park-after', '1s');
    expect({ code: parked.code, log: folder.lines('log') }).toEqual({ code: 75, log: ['first'] });
    expect(parked.stdout).toMatch(/two +◷ waiting for the window later until .* \(1 h 59 m left\)|two +◷ waiting for the window later until .* \(2 h 00 m left\)/);
    expect(parked.stdout).toMatch(/three\/third +◷ waiting for the window later until /);
    expect(parked.stdout).toMatch(/parked: next wake-up at .*, in (1 h 59 m|2 h 00 m)/);
    const status = await folder.relpipe('status');
    expect(status.stdout).toMatch(/^two {2}waiting for the window later until /m);
    expect(status.stdout).toMatch(/◷ three\/third +waiting for the window later until /);
    const early = await folder.relpipe('resume', '--park-after', '1s');
    expect({ code: early.code, log: folder.lines('log') }).toEqual({ code: 75, log: ['first'] });
    const resumed = await folder.start(['resume', '--json'], { NODE_OPTIONS: `--require=${join(folder.path, 'later.cjs')}` }).finished;
    expect({ code: resumed.code, ends: endsIn(resumed.stdout) }).toEqual({ code: 0, ends: { 'two/second': 'succeeded', 'three/third': 'succeeded' } });
  });

  test('the plan shows each window, when it opens next, and what waits for it', async ({ folderWith, expect }) => {
    const folder = await folderWith(inTwoHours(stages));
    const { code, stdout } = await folder.relpipe('plan');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Windows:\n {2}later \(every day \d\d:\d\d\.\.\d\d:\d\d UTC\): opens next \w{3} \d{4}-\d\d-\d\d \d\d:\d\d\n {4}only then may start: two, three\/third$/m);
    expect(stdout).toContain('starts only while later is open');
  });

  test('`none` from an input leaves the window out', async ({ folderWith, expect }) => {
    const urgent = 'inputs: { urgent: { type: boolean, default: false } }\n';
    const folder = await folderWith(inTwoHours(`${urgent}stages: { one: { window: "\${{ inputs.urgent ? 'none' : 'later' }}", steps: [{ id: only, run: "true", rollback: none }] } }`));
    expect((await folder.relpipe('run', '--input', 'urgent=true')).code).toBe(0);
    expect((await folder.relpipe('run', '--park-after', '1s')).code).toBe(75);
  });

  test('a failure elsewhere rolls back at once, and what waited for its window does not start', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      inTwoHours(`
stages:
  one:
    steps:
      - { id: deploy, run: "true", rollback: [{ id: remove, run: "echo removed >> log" }] }
      - { id: check, run: "false", rollback: none }
  two: { window: later, steps: [{ id: never, run: "echo never >> log", rollback: none }] }
`),
    );
    const { code, stdout } = await folder.relpipe('run', '--json', '--park-after', '1s');
    expect({ code, log: folder.lines('log') }).toEqual({ code: 3, log: ['removed'] });
    expect(eventsIn(stdout).find(({ type }) => type === 'group-waiting')).toMatchObject({ group: 'two', why: 'window', text: 'later' });
    expect((await folder.relpipe('status')).stdout).toMatch(/^two {2}not started$/m);
  });

  test('a run that takes longer than its timeout is paused, waiting included', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline('timeout: 1s\nstages: { one: { window: later, steps: [{ id: only, run: "true", rollback: none }] } }\nwindows: { later: { days: [last fri], hours: 03:00..03:01, zone: UTC } }'));
    const { code, stdout } = await folder.relpipe('run', '--park-after', 'never');
    expect({ code, stdout }).toEqual({ code: 6, stdout: expect.stringContaining('paused: the run took longer than its timeout of 1s') as string });
  });
});
