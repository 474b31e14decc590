import { describe } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

const release = pipeline(`
stages:
  quality:
    skippable: true
    steps: [{ id: unit, run: "echo unit >> ran", rollback: none }]
  build:
    needs: [quality]
    steps:
      - { id: compile, run: "echo compile >> ran", rollback: none }
      - { id: scan, run: "echo scan >> ran", rollback: none, skippable: true }
  publish:
    needs: [build]
    steps: [{ id: push, run: "echo push >> ran", irreversible: true }]
finally: [{ id: close, run: "echo close >> ran" }]
`);

describe.concurrent('a run that leaves something out of its file', () => {
  test('with --until, the stages that come later are skipped, and the plan and the record say so', async ({ folderWith, expect }) => {
    const folder = await folderWith(release);
    const plan = await folder.relpipe('plan', '--until', 'build');
    expect(plan.stdout).toMatch(/publish\/push: left out: this run ends with build[^]*Point of no return: none/);
    const { code, stdout } = await folder.relpipe('run', '--until', 'build');
    expect({ code, ran: folder.lines('ran') }, stdout).toEqual({ code: 0, ran: ['unit', 'compile', 'scan', 'close'] });
    expect(stdout).toMatch(/publish +– skipped: this run ends with build/);
  });

  test('with --skip, a stage and a step that allow it count as skipped, and the record names who and why', async ({ folderWith, expect }) => {
    const folder = await folderWith(release);
    const { code, stdout } = await folder.relpipe('run', '--skip', 'quality', '--skip', 'scan', '--reason', 'incident 42');
    expect({ code, ran: folder.lines('ran') }, stdout).toEqual({ code: 0, ran: ['compile', 'push', 'close'] });
    expect((await folder.relpipe('status')).stdout).toMatch(/skipped: by \S+: incident 42/);
  });

  test.for([
    [['--skip', 'publish', '--reason', 'x'], /REL_NOT_SKIPPABLE: "publish" does not say[^]*quality, scan/],
    [['--skip', 'nothing', '--reason', 'x'], /REL_NOT_SKIPPABLE: The file has no stage or step "nothing"/],
    [['--skip', 'quality'], /REL_USAGE: --skip requires --reason/],
    [['--until', 'bild'], /REL_STAGE_UNKNOWN: The file has no stage "bild"[^]*build/],
  ] as const)('%s is refused before anything starts', async ([options, text], { folderWith, expect }) => {
    const folder = await folderWith(release);
    const { code, stderr } = await folder.relpipe('run', ...options);
    expect({ code, stderr, ran: folder.lines('ran') }).toEqual({ code: 2, stderr: expect.stringMatching(text) as string, ran: [] });
  });
});
