import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe } from 'vitest';
import { eventsIn, pipeline, runIn, test } from './side-by-side.ts';

const asking = (approvers: string, more = '') =>
  pipeline(`
inputs: { version: { type: semver, default: 2.0.0 } }
groups: { managers: [ann, bob, zoe], testers: [zoe, tim] }
stages:
  ask:
    steps:
      - { id: prepare, run: "true", rollback: [{ id: tidy, run: "echo tidy > tidy" }] }
      - { id: sure, approval: "Deploy \${{ inputs.version }}?", approvers: ${approvers}${more} }
  ship:
    needs: [ask]
    steps: [{ id: ship, run: "echo shipped > shipped" }]
`);
const two = asking('{ count: 2, of: [managers] }');
const parkAtOnce = ['--park-after', '0s'] as const;

describe.concurrent('a command that does not match the state of its run', () => {
  const asking = pipeline('stages: { one: { steps: [{ id: go, approval: "Go?" }] } }\n');

  test('an approval of another step is refused, and the error names the run and the step that waits', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking);
    const run = runIn((await folder.relpipe('run', '--park-after', '0s')).stdout);
    const { code, stderr } = await folder.relpipe('approve', run, 'build');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`No step "build" of run ${run} is waiting to be approved; waiting: one/go.`) as string });
  });

  test('continue is refused for a run that is not paused', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking);
    await folder.relpipe('run', '--park-after', '0s');
    const { code, stderr } = await folder.relpipe('continue', '--reason', 'now');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('REL_RUN_NOT_PAUSED') as string });
  });

  test('what is recorded and not handled yet is shown, and the second answer is told about the first', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking);
    await folder.relpipe('run', '--park-after', '0s');
    await folder.relpipe('approve', '--as', 'ann');
    expect((await folder.relpipe('status')).stdout).toContain('recorded, handled when the run resumes: approve one/go by ann\n');
    expect((await folder.relpipe('reject', '--as', 'bob')).stdout).toContain('Recorded before, and handled first: approve one/go by ann.');
  });
});

describe.concurrent('a withdrawn approval', () => {
  test('the command line says which approvals count now, and the withdrawn one does not', async ({ folderWith, expect }) => {
    const folder = await folderWith(two);
    await folder.relpipe('run', ...parkAtOnce);
    expect((await folder.relpipe('approve', '--as', 'ann')).stdout).toContain('Recorded: approved by ann. Approvals: ann (1 of 2).');
    expect((await folder.relpipe('resume', ...parkAtOnce)).code).toBe(75);
    expect((await folder.relpipe('approve', 'sure', '--as', 'ann', '--withdraw', '-m', 'the tests failed')).stdout).toContain('Recorded: approval withdrawn by ann. Approvals: none (0 of 2).');
    expect((await folder.relpipe('approve', '--as', 'bob')).stdout).toContain('Approvals: bob (1 of 2).');
    const { code, stdout } = await folder.relpipe('resume', ...parkAtOnce);
    expect({ code, stdout }).toEqual({ code: 75, stdout: expect.stringContaining('approval withdrawn by ann (as given on the command line, not authenticated): the tests failed') as string });
    expect((await folder.relpipe('status')).stdout).toContain('waiting for 1 of 2 approvals');
    expect((await folder.relpipe('approve', '--as', 'ann')).stdout).toContain('Approvals: bob, ann (2 of 2).');
    expect((await folder.relpipe('resume')).code).toBe(0);
  });

  test('an approval that would decide can be withdrawn while nobody has read it', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking('{ of: [managers] }'));
    await folder.relpipe('run', ...parkAtOnce);
    await folder.relpipe('approve', '--as', 'ann');
    expect((await folder.relpipe('approve', '--as', 'ann', '--withdraw')).stdout).toContain('Approvals: none (0 of 1).');
    expect((await folder.relpipe('resume', ...parkAtOnce)).code).toBe(75);
    expect(folder.lines('shipped')).toEqual([]);
  });

  test('a no of a person who has approved counts, also where that approval would have decided', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking('{ of: [managers] }'));
    await folder.relpipe('run', ...parkAtOnce);
    await folder.relpipe('approve', '--as', 'ann');
    expect((await folder.relpipe('reject', '--as', 'ann')).code).toBe(0);
    expect((await folder.relpipe('resume')).code).toBe(3);
    expect(folder.lines('shipped')).toEqual([]);
  });

  test('only an approval that was given can be withdrawn', async ({ folderWith, expect }) => {
    const folder = await folderWith(two);
    await folder.relpipe('run', ...parkAtOnce);
    const { code, stderr } = await folder.relpipe('approve', '--as', 'ann', '--withdraw');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('REL_NOTHING_TO_WITHDRAW: ann has no approval of step ask/sure that could be withdrawn.') as string });
  });
});

describe.concurrent('approvals', () => {
  test('a vote that somebody changed before it was read does not count: every command says so, and the run keeps waiting', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking('{ count: 1, of: [testers] }'));
    await folder.relpipe('run', ...parkAtOnce);
    expect((await folder.relpipe('approve', '--as', 'zoe')).code).toBe(0);
    const database = new DatabaseSync(join(folder.path, '.relpipe/journal.db'));
    database.exec("UPDATE inbox SET body = replace(body, 'flag', 'ci-actor')");
    database.close();
    for (const [command, code] of [[['status'], 0], [['resume', '--due'], 0], [['resume', ...parkAtOnce], 75]] as const) {
      const ended = await folder.relpipe(...command);
      expect({ command, code: ended.code, stderr: ended.stderr }).toEqual({ command, code, stderr: expect.stringContaining('warning REL_COMMAND_CHANGED: ') as string });
    }
    expect(folder.lines('shipped')).toEqual([]);
    expect((await folder.relpipe('approve', '--as', 'zoe')).code).toBe(0);
    expect((await folder.relpipe('resume')).code).toBe(0);
  });

  test('a run that waits for approvers parks, and continues when enough of them have approved', async ({ folderWith, expect }) => {
    const folder = await folderWith(two);
    const parked = await folder.relpipe('run', ...parkAtOnce);
    expect({ code: parked.code, shipped: folder.lines('shipped') }).toEqual({ code: 75, shipped: [] });
    expect(parked.stdout).toContain('Deploy 2.0.0?');
    const run = runIn(parked.stdout);
    expect((await folder.relpipe('approve', run, 'sure', '--as', 'ann')).code).toBe(0);
    expect((await folder.relpipe('resume', ...parkAtOnce)).code).toBe(75);
    expect((await folder.relpipe('approve', '--as', 'zoe', '-m', 'go')).code).toBe(0);
    const last = await folder.relpipe('resume', '--json', ...parkAtOnce);
    expect({ code: last.code, shipped: folder.lines('shipped') }).toEqual({ code: 0, shipped: ['shipped'] });
    expect(eventsIn(last.stdout).find(({ type }) => type === 'answered')).toMatchObject({ who: { who: 'zoe', by: 'flag' }, yes: true, counted: true, comment: 'go' });
  });

  test('a run in progress acts on a vote from another process', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking('{ of: [managers] }'));
    const run = folder.start(['run', '--park-after', 'never']);
    await run.printed('Deploy 2.0.0?');
    expect((await folder.relpipe('approve', '--as', 'bob')).stdout).toContain('acts on it');
    expect((await run.finished).code).toBe(0);
  });

  test('one person counts once, however often they approve', async ({ folderWith, expect }) => {
    const folder = await folderWith(two);
    await folder.relpipe('run', ...parkAtOnce);
    await folder.relpipe('approve', '--as', 'ann');
    await folder.relpipe('approve', '--as', 'ann');
    expect((await folder.relpipe('resume', ...parkAtOnce)).code).toBe(75);
    expect(folder.lines('shipped')).toEqual([]);
  });

  test('the second yes of one person is told that it is already recorded, before and after the run has read the first', async ({ folderWith, expect }) => {
    const folder = await folderWith(two);
    await folder.relpipe('run', ...parkAtOnce);
    await folder.relpipe('approve', '--as', 'ann');
    const again = await folder.relpipe('approve', '--as', 'ann');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Your answer is already recorded: approved by ann.') as string });
    await folder.relpipe('resume', ...parkAtOnce);
    const later = await folder.relpipe('approve', '--as', 'ann');
    expect(later).toMatchObject({ code: 0, stdout: expect.stringContaining('already recorded') as string });
  });

  test.for([
    ['approve', 'zoe'],
    ['reject', 'zoe'],
    ['approve', 'bob'],
  ])('%s by %s after a no of bob is refused, also while no process has read the no', async ([word, who], { folderWith, expect }) => {
    const folder = await folderWith(two);
    await folder.relpipe('run', ...parkAtOnce);
    await folder.relpipe('reject', '--as', 'bob');
    const { code, stderr } = await folder.relpipe(word ?? '', '--as', who ?? '');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/REL_ALREADY_ANSWERED[^]*already rejected by bob/) as string });
  });

  test('the last word of a person counts: a no after a yes ends the approval, whoever approves after that', async ({ folderWith, expect }) => {
    const folder = await folderWith(two);
    await folder.relpipe('run', ...parkAtOnce);
    await folder.relpipe('approve', '--as', 'ann');
    expect((await folder.relpipe('reject', '--as', 'ann')).code).toBe(0);
    expect((await folder.relpipe('approve', '--as', 'bob')).code).toBe(2);
    const { code, stdout } = await folder.relpipe('resume');
    expect({ code, stdout }).toEqual({ code: 3, stdout: expect.stringContaining('rejected by ann') as string });
  });

  test('a person outside of the groups that may decide is refused', async ({ folderWith, expect }) => {
    const folder = await folderWith(two);
    await folder.relpipe('run', ...parkAtOnce);
    for (const word of ['approve', 'reject']) {
      const { code, stderr } = await folder.relpipe(word, '--as', 'tim');
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('REL_NOT_AN_APPROVER') as string });
    }
    expect((await folder.relpipe('resume', ...parkAtOnce)).code).toBe(75);
  });

  test('one rejection ends the run, and its steps are rolled back', async ({ folderWith, expect }) => {
    const folder = await folderWith(two);
    await folder.relpipe('run', ...parkAtOnce);
    await folder.relpipe('approve', '--as', 'ann');
    expect((await folder.relpipe('reject', '--as', 'bob', '-m', 'not on a Friday')).code).toBe(0);
    const { code, stdout } = await folder.relpipe('resume');
    expect({ code, tidy: folder.lines('tidy'), shipped: folder.lines('shipped') }).toEqual({ code: 3, tidy: ['tidy'], shipped: [] });
    expect(stdout).toContain('not on a Friday');
    expect((await folder.relpipe('approve', '--as', 'zoe')).code).toBe(2);
  });

  test('where a rejection pauses the run, continue asks again, and a person who may not approve cannot get past it', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking('{ of: [managers] }', ', on-failure: pause'));
    await folder.relpipe('run', ...parkAtOnce);
    await folder.relpipe('reject', '--as', 'ann');
    expect((await folder.relpipe('resume')).code).toBe(6);
    await folder.relpipe('continue', '--reason', 'they talked', '--as', 'mallory');
    expect((await folder.relpipe('resume', ...parkAtOnce)).code).toBe(75);
    await folder.relpipe('approve', '--as', 'ann');
    expect((await folder.relpipe('resume')).code).toBe(0);
    expect(folder.lines('shipped')).toEqual(['shipped']);
  });

  test('an approval that nobody gives in time counts as rejected, also when the run was parked meanwhile', async ({ folderWith, expect }) => {
    const [living, parked] = await Promise.all([folderWith(asking('{ of: [managers] }', ', timeout: 1s')), folderWith(asking('{ of: [managers] }', ', timeout: 1s'))]);
    const first = await parked.relpipe('run', ...parkAtOnce);
    expect(first.code).toBe(75);
    expect((await living.relpipe('run')).code).toBe(3);
    expect((await parked.relpipe('resume', '--due')).code).toBe(3);
    expect(parked.lines('shipped')).toEqual([]);
  });

  test('an approval without a timeout waits for 72 hours, and the plan says so', async ({ folderWith, expect }) => {
    const folder = await folderWith(two);
    const { stdout } = await folder.relpipe('plan', '--json');
    const { plan } = JSON.parse(stdout) as { plan: { steps: { id: string; timeoutMs?: number }[] } };
    expect(plan.steps.find(({ id }) => id === 'sure')?.timeoutMs).toBe(72 * 3_600_000);
  });

  test('the number of approvals may be an expression', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking(`{ count: "\${{ inputs.version.bump(semver('2.0.0')) == 'major' ? 2 : 1 }}", of: [managers, testers] }`));
    await folder.relpipe('run', ...parkAtOnce, '-i', 'version=2.0.1');
    await folder.relpipe('approve', '--as', 'tim');
    expect((await folder.relpipe('resume', ...parkAtOnce)).code).toBe(0);
  });

  test('one word that is not a run is the step of the only open run, and never for a command without a step', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline('stages: { one: { steps: [{ id: legal, approval: "Legal?" }] } }'));
    await folder.relpipe('run', ...parkAtOnce);
    const refused = await folder.relpipe('rollback', 'legal', '--reason', 'x');
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({ code: 2, stderr: expect.stringContaining('REL_RUN_UNKNOWN') as string });
    expect((await folder.relpipe('approve', 'ilegal')).stderr).toContain('REL_RUN_UNKNOWN');
    expect((await folder.relpipe('approve', 'legal')).code).toBe(0);
    expect((await folder.relpipe('resume')).code).toBe(0);
  });

  test('a parked run whose question was answered meanwhile is due', async ({ folderWith, expect }) => {
    const folder = await folderWith(asking('{ of: [managers] }'));
    await folder.relpipe('run', ...parkAtOnce);
    expect((await folder.relpipe('resume', '--due', ...parkAtOnce)).code).toBe(0);
    await folder.relpipe('approve', '--as', 'ann');
    await folder.relpipe('resume', '--due', ...parkAtOnce);
    expect(folder.lines('shipped')).toEqual(['shipped']);
  });
});
