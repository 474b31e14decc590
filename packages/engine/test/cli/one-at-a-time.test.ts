import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe } from 'vitest';
import { eventsIn, pipeline, runIn, test } from './side-by-side.ts';

const park = ['--park-after', '0s'] as const;
const act = '{ id: act, run: "echo done >> acts", rollback: [{ id: back, run: "echo undone >> acts" }] }';
const ask = '{ id: ask, approval: "Go on?" }';

const changing = pipeline(`stages: { one: { steps: [${act}, ${ask}] } }`);
const askingFirst = pipeline(`stages: { one: { steps: [${ask}, ${act}, { id: again, approval: "Really?" }] } }`);
const inGroup = (concurrency: string, body = `stages: { one: { steps: [${act}, ${ask}] } }`) => pipeline(`concurrency: ${concurrency}\n${body}`);

/** A step that refuses to start where its lamp is on. */
const lamp = {
  'node_modules/lamp/package.json': JSON.stringify({ name: 'lamp', version: '1.0.0', type: 'module', exports: './index.js' }),
  'node_modules/lamp/index.js': `
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const schema = { type: 'object', properties: {}, additionalProperties: false };
const place = ({ workdir }) => join(workdir, 'lamp');
export default {
  name: 'lamp',
  contract: 1,
  steps: {
    on: {
      summary: 'Switches a lamp on',
      with: schema,
      outputs: schema,
      onLost: 'retry',
      async verify(_, context) { return existsSync(place(context)) ? [{ level: 'error', code: 'LAMP_IS_ON', message: 'It is on already.' }] : []; },
      async run(_, context) { writeFileSync(place(context), 'on\\n'); return {}; },
      rollback: { async run(_, context) { rmSync(place(context), { force: true }); } },
    },
    dim: {
      summary: 'Dims the lamp in the hall',
      with: schema,
      outputs: schema,
      state: { type: 'object', properties: { lamp: { type: 'string' } }, required: ['lamp'], additionalProperties: false },
      target: ['lamp'],
      onLost: 'retry',
      async run(_, context) { await context.saveState({ lamp: 'hall' }); return {}; },
      rollback: { async run() {} },
    },
  },
};`,
};

describe.concurrent('one release at a time', () => {
  test('two-runs-of-one-file: a run beside an open one whose changes are in place is refused, and names it, its changes and what to do', async ({ folderWith, expect }) => {
    const folder = await folderWith(changing);
    const first = runIn((await folder.relpipe('run', ...park)).stdout);
    const second = await folder.relpipe('run', ...park);
    expect({ code: second.code, acts: folder.lines('acts') }).toEqual({ code: 8, acts: ['done'] });
    expect(second.stderr).toContain(`REL_OTHER_RUN_OPEN: Run ${first} is open (parked) and holds the group trial; what it has changed is in place: one/act.`);
    expect(second.stderr).toContain(`relpipe resume ${first}`);
    expect(second.stderr).toContain(`relpipe rollback ${first} --reason "…"`);
    expect((await folder.relpipe('runs', '--json')).stdout.trim().split('\n')).toHaveLength(1);
  });

  test('the plan warns of it, also with another journal, and makes no journal', async ({ folderWith, expect }) => {
    const folder = await folderWith(changing);
    expect(await folder.relpipe('plan')).toMatchObject({ code: 0, stderr: '' });
    const first = runIn((await folder.relpipe('run', ...park, '--journal', 'other.db')).stdout);
    expect(await folder.relpipe('plan')).toMatchObject({ code: 0, stderr: '' });
    const { code, stderr } = await folder.relpipe('plan', '--journal', 'other.db');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(`warning REL_OTHER_RUN_OPEN: Run ${first}`) as string });
  });

  test('it starts once the other one is rolled back, or over', async ({ folderWith, expect }) => {
    const folder = await folderWith(changing);
    await folder.relpipe('run', ...park);
    expect((await folder.relpipe('rollback', '--reason', 'stale')).code).toBe(3);
    const second = runIn((await folder.relpipe('run', ...park)).stdout);
    await folder.relpipe('approve', second);
    expect((await folder.relpipe('resume', second)).code).toBe(0);
    expect((await folder.relpipe('run', ...park)).code).toBe(75);
    expect((await folder.relpipe('resume', second)).code).toBe(0);
  });

  test('a run that has changed nothing yet keeps nobody from starting, and fails when it comes to its first change beside the other', async ({ folderWith, expect }) => {
    const folder = await folderWith(askingFirst);
    const [older, newer] = [runIn((await folder.relpipe('run', ...park)).stdout), runIn((await folder.relpipe('run', ...park)).stdout)];
    await folder.relpipe('approve', newer);
    expect((await folder.relpipe('resume', newer, ...park)).code).toBe(75);

    await folder.relpipe('approve', older);
    const { code, stderr } = await folder.relpipe('resume', older, ...park);
    expect({ code, stderr, acts: folder.lines('acts') }).toEqual({ code: 8, stderr: expect.stringContaining(`Run ${newer} is open`) as string, acts: ['done'] });
    expect((await folder.relpipe('status', older)).stdout).toContain(`run ${newer} (parked), whose changes are in place (one/act), holds the group trial`);
    expect((await folder.relpipe('rollback', newer, '--reason', 'stale')).code).toBe(3);
  });

  test('of two that start at the same moment, one is refused', async ({ folderWith, expect }) => {
    const folder = await folderWith(changing);
    const both = await Promise.all([folder.relpipe('run', ...park), folder.relpipe('run', ...park)]);
    expect({ codes: both.map(({ code }) => code).sort(), acts: folder.lines('acts') }, both.map(({ stderr }) => stderr).join()).toEqual({ codes: [75, 8], acts: ['done'] });
  });

  test('a pipeline that says concurrency: none may have several open runs, and another pipeline is not concerned', async ({ folderWith, expect }) => {
    const text = changing['release.pipeline.yaml'] ?? '';
    const folder = await folderWith({ 'beside.yaml': `${text}\nconcurrency: none\n`, 'other.yaml': text.replace('name: trial', 'name: other'), ...changing });
    for (const file of ['beside.yaml', 'beside.yaml', 'other.yaml']) expect((await folder.relpipe('run', file, ...park)).code).toBe(75);
  });

  test('two files that name one group are one at a time, also by an input', async ({ folderWith, expect }) => {
    const [one = ''] = Object.values(inGroup('{ group: "live/${{ inputs.region }}" }', `inputs: { region: { type: string, default: eu } }\nstages: { one: { steps: [${act}, ${ask}] } }`));
    const folder = await folderWith({ 'one.yaml': one, 'two.yaml': one.replace('name: trial', 'name: other') });
    expect((await folder.relpipe('run', 'one.yaml', ...park)).code).toBe(75);
    expect(await folder.relpipe('run', 'two.yaml', ...park)).toMatchObject({ code: 8, stderr: expect.stringContaining('holds the group live/eu') as string });
    expect((await folder.relpipe('run', 'two.yaml', ...park, '-i', 'region=us')).code).toBe(75);
  });

  test('in an environment the group is that of the pipeline and the environment', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline(`inputs: { size: { type: integer } }\nenvironments: { staging: { size: 1 }, production: { size: 9 } }\nstages: { one: { steps: [${act}, ${ask}] } }`));
    expect((await folder.relpipe('run', ...park, '--environment', 'staging')).code).toBe(75);
    expect(await folder.relpipe('run', ...park, '--environment', 'staging')).toMatchObject({ code: 8, stderr: expect.stringContaining('holds the group trial/staging;') as string });
    const plan = await folder.relpipe('plan', '--environment', 'production');
    expect({ stderr: plan.stderr, stdout: plan.stdout }).toEqual({ stderr: '', stdout: expect.stringContaining('Group of runs: trial/production, taken before one/act. While another run holds it, this one fails.') as string });
    expect((await folder.relpipe('run', ...park, '--environment', 'production')).code).toBe(75);
  });

  test('wait: a run parks behind the one that holds the group, says so, and resume --due takes it up when that one is over', async ({ folderWith, expect }) => {
    const folder = await folderWith(inGroup('{ on-conflict: wait }'));
    const first = runIn((await folder.relpipe('run', ...park)).stdout);
    const waiting = await folder.relpipe('run', ...park);
    const second = runIn(waiting.stdout);
    expect({ code: waiting.code, acts: folder.lines('acts') }).toEqual({ code: 75, acts: ['done'] });
    expect(waiting.stdout).toContain(`parked: waiting for the group trial, held by run ${first} (parked)`);
    expect((await folder.relpipe('status', second)).stdout).toContain(`waiting for the group trial, held by run ${first} (parked)`);
    expect((await folder.relpipe('runs')).stdout).toContain(`group trial (run ${first})`);
    expect((await folder.relpipe('resume', '--due', ...park)).stdout).toContain('None of 2 runs');

    await folder.relpipe('approve', first);
    expect((await folder.relpipe('resume', first)).code).toBe(0);
    expect((await folder.relpipe('resume', '--due', ...park)).code).toBe(75);
    expect(folder.lines('acts')).toEqual(['done', 'done']);
    await folder.relpipe('approve', second);
    expect((await folder.relpipe('resume', '--due', ...park)).code).toBe(0);
  });

  test('wait: a process that stays goes on by itself as soon as the group is free', async ({ folderWith, expect }) => {
    const folder = await folderWith(inGroup('{ on-conflict: wait }'));
    const first = runIn((await folder.relpipe('run', ...park)).stdout);
    const second = folder.start(['run', '--park-after', 'never']);
    await second.printed('waiting for the group trial');
    expect((await folder.relpipe('rollback', first, '--reason', 'stale')).code).toBe(3);
    await second.printed('has the group trial now');
    await folder.relpipe('approve', runIn((await folder.relpipe('runs')).stdout));
    expect((await second.finished).code).toBe(0);
    expect(folder.lines('acts')).toEqual(['done', 'undone', 'done']);
  });

  test('a run keeps its group when its process is killed, until somebody has ended it', async ({ folderWith, expect }) => {
    const folder = await folderWith(inGroup('{ on-conflict: fail }', `stages: { one: { steps: [{ id: act, run: "echo done >> acts; sleep 600", rollback: [{ id: back, run: "echo undone >> acts" }] }] } }`));
    const { child, finished } = folder.start(['run']);
    await folder.appears('acts');
    child.kill('SIGKILL');
    await finished;
    expect(await folder.relpipe('run')).toMatchObject({ code: 8, stderr: expect.stringContaining('is open (interrupted) and holds the group trial; what it has changed is in place: one/act') as string });
    expect((await folder.relpipe('rollback', '--reason', 'its machine died')).code).toBe(3);
    expect(folder.lines('acts')).toEqual(['done', 'undone']);
    expect(await folder.relpipe('plan')).toMatchObject({ code: 0, stderr: '' });
  });

  test('supersede: the older run is rolled back before the newer one changes anything', async ({ folderWith, expect }) => {
    const folder = await folderWith(inGroup('{ on-conflict: supersede }'));
    const first = runIn((await folder.relpipe('run', ...park)).stdout);
    const second = await folder.relpipe('run', ...park);
    expect({ code: second.code, acts: folder.lines('acts') }, second.stderr).toEqual({ code: 75, acts: ['done', 'undone', 'done'] });
    const status = (await folder.relpipe('status', first)).stdout;
    expect(status).toContain('rolled back');
    expect(status).toContain('superseded by run');
  });

  test('supersede is for operators: a run that somebody else has started ends without a change', async ({ folderWith, expect }) => {
    const folder = await folderWith(inGroup('{ on-conflict: supersede }', `groups: { crew: [ann] }\noperators: [crew]\nstages: { one: { steps: [${act}, ${ask}] } }`));
    await folder.relpipe('run', ...park);
    const second = await folder.start(['run', ...park], { GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'eve' }).finished;
    expect({ code: second.code, acts: folder.lines('acts') }).toEqual({ code: 8, acts: ['done'] });
    expect(second.stderr).toContain('REL_NOT_AN_OPERATOR: eve is not an operator of this pipeline; the operators are ann');
    const third = await folder.start(['run', ...park], { GITHUB_ACTIONS: 'true', GITHUB_ACTOR: 'ann' }).finished;
    expect({ code: third.code, acts: folder.lines('acts') }, third.stderr).toEqual({ code: 75, acts: ['done', 'undone', 'done'] });
  });

  test('supersede: where the rollback of the older run waits for a person, the newer one ends without a change', async ({ folderWith, expect }) => {
    const steps = `[{ id: act, run: "echo done >> acts", rollback: [{ id: sure, run: "exit 1" }] }, { id: gone, run: "echo gone >> acts", irreversible: true }, ${ask}]`;
    const folder = await folderWith(inGroup('{ on-conflict: supersede }', `stages: { one: { steps: ${steps} }, two: { needs: [one], steps: [{ id: more, run: "true", rollback: [{ id: less, run: "true" }] }] } }`));
    const first = runIn((await folder.relpipe('run', ...park)).stdout);
    const second = await folder.relpipe('run', ...park);
    expect({ code: second.code, acts: folder.lines('acts') }, second.stderr).toEqual({ code: 8, acts: ['done', 'gone'] });
    expect(second.stderr).toContain(`Run ${first} is open (paused)`);
  });

  test('two runs that would wait for each other: the second wait ends its run, and what that one had changed is rolled back', async ({ folderWith, expect }) => {
    const file = (name: string, one: string, two: string): string =>
      `relpipe: 1\nname: ${name}\nstages:\n  one: { concurrency: { group: ${one}, on-conflict: wait }, steps: [${act}, ${ask}] }\n  two: { needs: [one], concurrency: { group: ${two}, on-conflict: wait }, steps: [{ id: more, run: "echo more >> acts", rollback: none }, { id: last, run: "echo last >> acts", rollback: [{ id: lost, run: "true" }] }] }\n`;
    const folder = await folderWith({ 'a.yaml': file('a', 'left', 'right'), 'b.yaml': file('b', 'right', 'left') });
    const [a, b] = [runIn((await folder.relpipe('run', 'a.yaml', ...park)).stdout), runIn((await folder.relpipe('run', 'b.yaml', ...park)).stdout)];
    await folder.relpipe('approve', a);
    expect((await folder.relpipe('resume', a, ...park)).stdout).toContain(`waiting for the group right, held by run ${b}`);
    await folder.relpipe('approve', b);
    const ended = await folder.relpipe('resume', b, ...park);
    expect({ code: ended.code, out: ended.stdout }).toEqual({ code: 3, out: expect.stringContaining(`${a} waits for this run, and holds the group left`) as string });
    expect((await folder.relpipe('resume', '--due', ...park)).code).toBe(0);
  });

  test('past its point of no return a run gives its group back, and the next one goes ahead while it still watches', async ({ folderWith, expect }) => {
    const folder = await folderWith(inGroup('{ on-conflict: fail }', `stages: { one: { steps: [${act}, { id: gone, run: "echo gone >> acts", irreversible: true }, ${ask}] } }`));
    const first = await folder.relpipe('run', ...park, '--json');
    expect(eventsIn(first.stdout).filter(({ type }) => type === 'concurrency').map(({ now, group }) => [now, group])).toEqual([['held', 'trial'], ['returned', 'trial']]);
    expect((await folder.relpipe('run', ...park)).code).toBe(75);
  });

  test('a record that is damaged is a warning of the plan, and keeps the next run from starting with the way out', async ({ folderWith, expect }) => {
    const folder = await folderWith(changing);
    const first = runIn((await folder.relpipe('run', ...park)).stdout);
    const database = new DatabaseSync(join(folder.path, '.relpipe/journal.db'));
    database.exec(`UPDATE facts SET body = replace(body, 'one/act', 'one/cat') WHERE seq > 1`);
    database.close();
    const plan = await folder.relpipe('plan');
    expect({ code: plan.code, stderr: plan.stderr }).toEqual({ code: 0, stderr: expect.stringContaining(`warning REL_OTHER_RUN_OPEN: Run ${first} holds the group trial, and its record cannot be read`) as string });
    const run = await folder.relpipe('run', ...park);
    expect({ code: run.code, acts: folder.lines('acts') }).toEqual({ code: 8, acts: ['done'] });
    expect(run.stderr).toContain('--journal FILE');
  });

  test.for([
    ['fail', 8, 'holds the group trial'],
    ['wait', 75, 'warning LAMP_IS_ON'],
  ] as const)('%s: what the run that holds the group has changed is no mistake of this one', async ([onConflict, code, says], { folderWith, expect }) => {
    const steps = `{ check: { steps: [{ id: test, run: "true", rollback: none }] }, live: { needs: [check], steps: [{ id: light, uses: lamp.on }, ${ask}] } }`;
    const folder = await folderWith({ ...lamp, ...inGroup(`{ on-conflict: ${onConflict} }`, `plugins: { lamp: "*" }\nstages: ${steps}`) });
    const first = await folder.relpipe('run', ...park);
    expect({ code: first.code, lamp: folder.lines('lamp') }, first.stderr).toEqual({ code: 75, lamp: ['on'] });
    expect(await folder.relpipe('run', ...park)).toMatchObject({ code, stderr: expect.stringContaining(says) as string });
    expect((await folder.relpipe('rollback', runIn(first.stdout), '--reason', 'stale')).code).toBe(3);
    expect((await folder.relpipe('plan')).stderr.includes('REL_OTHER_RUN_OPEN')).toBe(onConflict === 'wait');
  });

  test('the plan warns of another pipeline that changes the same target in another group, until both name one group', async ({ folderWith, expect }) => {
    const file = (name: string, group: string): string => `relpipe: 1\nname: ${name}\nplugins: { lamp: "*" }\nconcurrency: { group: ${group} }\nstages: { one: { steps: [{ id: light, uses: lamp.dim }] } }\n`;
    const folder = await folderWith({ ...lamp, 'a.yaml': file('a', 'upstairs'), 'b.yaml': file('b', 'downstairs'), 'c.yaml': file('b', 'upstairs') });
    expect(await folder.relpipe('run', 'a.yaml')).toMatchObject({ code: 0, stderr: '' });
    expect((await folder.relpipe('plan', 'b.yaml')).stderr).toBe('');
    expect((await folder.relpipe('run', 'b.yaml')).code).toBe(0);
    const { code, stderr } = await folder.relpipe('plan', 'b.yaml');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('warning REL_GROUP_NOT_SHARED: Runs of the pipeline "a" change the same (lamp.dim ["hall"]) in the group upstairs, and this one in the group downstairs') as string });
    expect((await folder.relpipe('plan', 'c.yaml')).stderr).toBe('');
  });

  test.for([
    ['concurrency: { group: "" }', 'REL_VALUE_UNEXPECTED'],
    ['concurrency: sometimes', 'REL_VALUE_UNEXPECTED'],
    ['concurrency: { group: api, on-conflict: queue }', 'REL_VALUE_UNEXPECTED'],
    ['concurrency: { groups: api }', 'REL_KEY_UNKNOWN'],
    ['concurrency: { group: "api/${{ steps.act.outputs.x }}" }', 'REL_'],
  ] as const)('%s is refused', async ([line, code], { folderWith, expect }) => {
    const folder = await folderWith(pipeline(`${line}\nstages: { one: { steps: [${act}] } }`));
    expect(await folder.relpipe('validate')).toMatchObject({ code: 2, stderr: expect.stringContaining(code) as string });
  });
});
