import { describe } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

const ending = (command: string) =>
  pipeline(`
stages:
  one:
    steps:
      - { id: act, run: "true", rollback: [{ id: undo, run: "echo undone >> order" }] }
      - { id: last, run: "${command}" }
    finally:
      - { id: release, run: "echo stage-end >> order" }
  never:
    needs: [one]
    when: "false"
    steps: [{ id: none, run: touch none }]
    finally: [{ id: not-either, run: "echo skipped-stage-end >> order" }]
finally:
  - { id: bad-news, when: run.outcome != "succeeded", run: "echo bad \${{ run.outcome }} \${{ run.failed.join(',') }} >> order" }
  - { id: good-news, when: run.outcome == "succeeded", run: "echo good >> order" }
  - { id: why, run: 'echo "\${{ run.because }}" > why' }
`);

describe.concurrent('finally', () => {
  test('the finally of a stage runs at its end, that of the run at the very end', async ({ folderWith, expect }) => {
    const folder = await folderWith(ending('true'));
    expect((await folder.relpipe('run')).code).toBe(0);
    expect(folder.lines('order')).toEqual(['stage-end', 'good']);
  });

  test('a finally step runs after a rollback, and can read the outcome', async ({ folderWith, expect }) => {
    const folder = await folderWith(ending('exit 4'));
    expect((await folder.relpipe('run')).code).toBe(3);
    expect([...folder.lines('order')].sort()).toEqual(['bad rolled-back one/last', 'stage-end', 'undone']);
    expect(folder.lines('order').at(-1)).toBe('bad rolled-back one/last');
    expect(folder.lines('why').join(' ')).toContain('exit code 4');
  });

  test('a finally step that fails makes a success partial, and the other steps still run', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages: { one: { steps: [{ id: a, run: "true", rollback: [{ id: u, run: touch undone }] }] } }
finally:
  - { id: boom, run: "exit 1" }
  - { id: clean, run: "echo clean > clean" }
`),
    );
    expect((await folder.relpipe('run')).code).toBe(5);
    expect({ clean: folder.lines('clean'), undone: folder.lines('undone') }).toEqual({ clean: ['clean'], undone: [] });
  });

  test('a finally step does not run while the run is paused, and runs when a person has decided', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages: { one: { steps: [{ id: a, run: "test -e mended", on-failure: pause }] } }
finally: [{ id: clean, run: "echo \${{ run.outcome }} >> clean" }]
`),
    );
    expect((await folder.relpipe('run')).code).toBe(6);
    expect(folder.lines('clean')).toEqual([]);
    await folder.relpipe('rollback', '--reason', 'no');
    expect(folder.lines('clean')).toEqual(['failed']);
  });

  test('a matrix in a finally runs after success and after a rollback, with its max-parallel', async ({ folderWith, expect }) => {
    const cells = (id: string) => `{ id: ${id}, run: "mkdir busy; sleep 0.02; rmdir busy; echo \${{ matrix.n }} >> ${id}", matrix: { axes: { n: [1, 2] }, max-parallel: 1 } }`;
    const folder = await folderWith(
      pipeline(`
inputs: { exit: { type: integer, default: 0 } }
stages:
  one:
    steps: [{ id: a, run: "exit \${{ inputs.exit }}", rollback: none }]
    finally: [${cells('stage-cells')}]
finally: [${cells('run-cells')}]
`),
    );
    expect((await folder.relpipe('run')).code).toBe(0);
    expect((await folder.relpipe('run', '--input', 'exit=1')).code).toBe(1);
    expect({ stage: folder.lines('stage-cells'), run: folder.lines('run-cells') }).toEqual({ stage: ['1', '2', '1', '2'], run: ['1', '2', '1', '2'] });
  });
});
