import { arch, platform } from 'node:os';
import { describe } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

const os = platform() === 'darwin' ? 'macos' : platform();

describe.concurrent('runs-on', () => {
  test('a step that this machine can execute runs, with requirements of its stage, its own, and those of the matrix', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    runs-on: { os: plan9 }
    steps:
      - { id: cell, run: "echo ran >> ran", runs-on: { os: "\${{ matrix.os }}", arch: ${arch()} }, matrix: { axes: { os: [${os}, other] }, exclude: [{ os: other }] } }
      - { id: wait, hold: 1ms }
`),
    );
    expect((await folder.relpipe('plan')).stdout).toContain(`runs on a machine with os=${os}, arch=${arch()}`);
    const { code, stdout, stderr } = await folder.relpipe('run');
    expect(code, stdout + stderr).toBe(0);
    expect(folder.lines('ran')).toEqual(['ran']);
  });

  test('a run with a step that this machine cannot execute is refused before it starts, also where that is in a sub-pipeline', async ({ folderWith, expect }) => {
    const folder = await folderWith({
      ...pipeline(`
stages:
  one:
    steps:
      - { id: first, run: "echo ran > ran" }
      - { id: sub, pipeline: sub.yaml, runs-on: { os: plan9 } }
      - { id: never, run: "true", when: false, runs-on: { os: vms } }
`),
      'sub.yaml': 'relpipe: 1\nname: sub\nstages:\n  two:\n    steps:\n      - { id: act, run: "true" }\n',
    });
    const { code, stderr } = await folder.relpipe('run');
    expect({ code, ran: folder.lines('ran') }).toEqual({ code: 2, ran: [] });
    expect(stderr).toContain(`REL_MACHINE_UNSUITABLE: one/sub/two/act requires os=plan9; this machine provides os=${os}, arch=${arch()}.`);
    expect(stderr).not.toContain('vms');
  });
});
