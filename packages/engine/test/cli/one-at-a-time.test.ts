import { describe } from 'vitest';
import { pipeline, runIn, test } from './side-by-side.ts';

const park = ['--park-after', '0s'] as const;
const act = '{ id: act, run: "echo done >> acts", rollback: [{ id: back, run: "echo undone >> acts" }] }';
const ask = '{ id: ask, approval: "Go on?" }';

const changing = pipeline(`stages: { one: { steps: [${act}, ${ask}] } }`);
const askingFirst = pipeline(`stages: { one: { steps: [${ask}, ${act}, { id: again, approval: "Really?" }] } }`);

describe.concurrent('one release at a time', () => {
  test('two-runs-of-one-file: a run beside an open one whose changes are in place is refused, and names it, its changes and what to do', async ({ folderWith, expect }) => {
    const folder = await folderWith(changing);
    const first = runIn((await folder.relpipe('run', ...park)).stdout);
    const second = await folder.relpipe('run', ...park);
    expect({ code: second.code, acts: folder.lines('acts') }).toEqual({ code: 8, acts: ['done'] });
    expect(second.stderr).toContain(`REL_OTHER_RUN_OPEN: Run ${first} of this pipeline is open (parked), and what it has changed is in place: one/act.`);
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

  test('a run that has changed nothing yet keeps nobody from starting, and is itself kept from going on beside the other', async ({ folderWith, expect }) => {
    const folder = await folderWith(askingFirst);
    const [older, newer] = [runIn((await folder.relpipe('run', ...park)).stdout), runIn((await folder.relpipe('run', ...park)).stdout)];
    await folder.relpipe('approve', newer);
    expect((await folder.relpipe('resume', newer, ...park)).code).toBe(75);

    await folder.relpipe('approve', older);
    for (const which of [older, '--due']) {
      const { code, stderr } = await folder.relpipe('resume', which, ...park);
      expect({ code, stderr, acts: folder.lines('acts') }).toEqual({ code: 8, stderr: expect.stringContaining(`Run ${newer} of this pipeline is open`) as string, acts: ['done'] });
    }
    expect((await folder.relpipe('rollback', older, '--reason', 'stale')).code).toBe(1);
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

  test('a group of runs is refused by name as not built yet', async ({ folderWith, expect }) => {
    const folder = await folderWith(pipeline(`concurrency: { group: production }\nstages: { one: { steps: [${ask}] } }`));
    expect((await folder.relpipe('validate')).stderr).toContain('REL_NOT_IMPLEMENTED: "concurrency"');
  });
});
