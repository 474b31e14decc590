import { describe } from 'vitest';
import { endsIn, pipeline, test } from './side-by-side.ts';

describe.concurrent('matrix', () => {
  test('excluded cells of a matrix do not run, included ones do, and the outputs are a list with the matrix of each', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  build:
    steps:
      - id: cell
        run: "echo \${{ matrix.os }} \${{ matrix.arch }} >> cells; echo name=\${{ matrix.os }}-\${{ matrix.arch }} >> $RELPIPE_OUTPUT"
        outputs: { name: string }
        matrix:
          axes: { os: [linux, mac], arch: [x64, arm] }
          exclude: [{ os: mac, arch: x64 }]
          include: [{ os: win, arch: x64 }]
      - { id: tell, run: "printf '%s\\\\n' \${{ steps.cell.outputs.map(c, c.name + '@' + c.matrix.os).join(' ') }} > told" }
`),
    );
    const { code, stdout, stderr } = await folder.relpipe('run');
    expect(code, stdout + stderr).toBe(0);
    expect([...folder.lines('cells')].sort()).toEqual(['linux arm', 'linux x64', 'mac arm', 'win x64']);
    expect(folder.lines('told')).toEqual(['linux-x64@linux linux-arm@linux mac-arm@mac win-x64@win']);
  });

  test('no more than max-parallel cells run at once', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - id: cell
        run: "mkdir busy; sleep 0.05; rmdir busy; echo \${{ matrix.n }} >> cells"
        matrix: { axes: { n: [1, 2, 3] }, max-parallel: 1 }
`),
    );
    expect((await folder.relpipe('run')).code).toBe(0);
    expect(folder.lines('cells')).toHaveLength(3);
  });

  const failing = (failFast: boolean) =>
    pipeline(`
stages:
  one:
    steps:
      - id: cell
        run: "if [ \${{ matrix.n }} = 1 ]; then exit 1; fi; ${failFast ? 'sleep 30;' : ''} touch cell-\${{ matrix.n }}; echo done > cell-\${{ matrix.n }}"
        on-failure: continue
        matrix: { axes: { n: [1, 2] }, fail-fast: ${String(failFast)} }
`);

  test('with fail-fast a failed cell of a matrix stops the others', async ({ folderWith, expect }) => {
    const { code, stdout } = await (await folderWith(failing(true))).relpipe('run', '--json');
    expect({ code, ends: endsIn(stdout) }).toEqual({ code: 5, ends: { 'one/cell/n=1': 'failed', 'one/cell/n=2': 'cancelled' } });
  });

  test('without fail-fast the other cells of a matrix end by themselves', async ({ folderWith, expect }) => {
    const folder = await folderWith(failing(false));
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect({ code, ends: endsIn(stdout) }).toEqual({ code: 5, ends: { 'one/cell/n=1': 'failed', 'one/cell/n=2': 'succeeded' } });
    expect(folder.lines('cell-2')).toEqual(['done']);
  });

  test('without fail-fast and with rollback, the default, every cell that acted is rolled back', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - id: cell
        run: "test \${{ matrix.n }} != 2"
        rollback: [{ id: undo, run: "echo \${{ matrix.n }} >> undone" }]
        matrix: { axes: { n: [1, 2, 3] }, max-parallel: 1 }
`),
    );
    expect((await folder.relpipe('run')).code).toBe(3);
    expect([...folder.lines('undone')].sort()).toEqual(['1', '2']);
  });

  test('an axis of a matrix may come from an input, and an empty one is refused', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
inputs:
  targets: { type: list, default: [a, b] }
stages:
  one:
    steps:
      - { id: cell, run: "echo \${{ matrix.target }} >> cells", matrix: { axes: { target: "\${{ inputs.targets }}" }, max-parallel: 1 } }
`),
    );
    expect((await folder.relpipe('run', '-i', 'targets=["x y","z"]')).code).toBe(0);
    expect(folder.lines('cells')).toEqual(['x y', 'z']);
    const { code, stderr } = await folder.relpipe('run', '-i', 'targets=[]');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('REL_MATRIX_EMPTY') as string });
  });
});
