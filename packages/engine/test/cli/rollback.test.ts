import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { eventsIn, pipeline, test } from './side-by-side.ts';

const undo = (id: string) => `rollback: [{ id: undo-${id}, run: "echo ${id} >> undone" }]`;

describe.concurrent('rollback', () => {
  test('a rollback goes against the needs, and branches do not wait for each other', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  base: { steps: [{ id: base, run: "true", ${undo('base')} }] }
  left: { needs: [base], steps: [{ id: left-1, run: "true", ${undo('left-1')} }, { id: left-2, run: "true", ${undo('left-2')} }] }
  right: { needs: [base], steps: [{ id: right, run: "true", rollback: [{ id: undo-right, run: "until grep -q left-1 undone; do sleep 0.02; done; echo right >> undone" }] }] }
  last: { needs: [left, right], steps: [{ id: boom, run: "exit 1" }] }
`),
    );
    expect((await folder.relpipe('run')).code).toBe(3);
    expect(folder.lines('undone')).toEqual(['left-2', 'left-1', 'right', 'base']);
  });

  test('a file limits how many rollbacks run at once, and the last step of the plan comes first', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
rollback: { max-parallel: 1 }
stages:
  cells:
    steps:
      - id: cell
        run: "true"
        matrix: { axes: { n: ["1", "2", "3"] } }
        rollback: [{ id: undo-cell, run: "echo start \${{ matrix.n }} >> undone; sleep 0.1; echo end \${{ matrix.n }} >> undone" }]
  last: { needs: [cells], steps: [{ id: boom, run: "exit 1" }] }
`),
    );
    expect((await folder.relpipe('run')).code).toBe(3);
    expect(folder.lines('undone')).toEqual(['start 3', 'end 3', 'start 2', 'end 2', 'start 1', 'end 1']);
  });

  test('a rollback reads what the step saved, its outputs and the inputs, also of a step that failed half-way', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
inputs: { color: { type: string, default: green } }
stages:
  one:
    steps:
      - id: done
        run: "echo former=blue >> $RELPIPE_STATE; echo now=red >> $RELPIPE_OUTPUT"
        outputs: { now: string }
        rollback: [{ id: back, run: 'echo "\${{ saved.former }} \${{ default(outputs.now, "none") }} \${{ inputs.color }}" >> undone' }]
      - id: half
        run: "printf 'former<<END\\\\nline 1\\\\nline 2\\\\nEND\\\\n' >> $RELPIPE_STATE; exit 1"
        rollback: [{ id: back-half, run: 'echo "\${{ saved.former }}" >> undone' }]
`),
    );
    const { code, stdout } = await folder.relpipe('run');
    expect({ code, undone: folder.lines('undone') }, stdout).toEqual({ code: 3, undone: ['line 1', 'line 2', 'blue red green'] });
  });

  test('a rollback runs its steps in order, tries each again, and lists what is not rolled back', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
defaults: { retry: { attempts: 3, backoff: 10ms..10ms } }
stages:
  one:
    steps:
      - { id: no-way-back, run: "true" }
      - { id: nothing-to-do, run: "true", rollback: none }
      - id: act
        run: "true"
        rollback:
          - { id: first, run: 'echo "first $RELPIPE_ATTEMPT" >> undone; test $RELPIPE_ATTEMPT = 3' }
          - { id: second, run: "echo second >> undone" }
      - { id: boom, run: "exit 1" }
`),
    );
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect({ code, undone: folder.lines('undone') }).toEqual({ code: 3, undone: ['first 1', 'first 2', 'first 3', 'second'] });
    expect(eventsIn(stdout).at(-1)).toMatchObject({ type: 'run-over', notRolledBack: expect.arrayContaining(['one/no-way-back']) as unknown });
    expect(JSON.stringify(eventsIn(stdout).at(-1)?.['notRolledBack'])).not.toContain('nothing-to-do');
  });

  test('a rollback that fails ends the run with 4, keeps the steps it depends on, and shows what is left to do', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - { id: base, run: "true", ${undo('base')} }
      - { id: act, run: "true", rollback: [{ id: broken, run: "exit 9", retry: { attempts: 1 } }] }
      - { id: boom, run: "exit 1" }
  two: { steps: [{ id: other, run: "until test -e never; do sleep 0.05; done", ${undo('other')} }] }
finally: [{ id: page, when: run.outcome == "rollback-failed", run: "echo paged > paged" }]
`),
    );
    const { code, stdout } = await folder.relpipe('run');
    expect({ code, undone: folder.lines('undone'), paged: folder.lines('paged') }, stdout).toEqual({ code: 4, undone: ['other'], paged: ['paged'] });
    expect(stdout).toContain('one/act');
    expect(stdout).toContain('one/base');
  });

  test('a rollback that was killed continues where it was', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - { id: base, run: "true", ${undo('base')} }
      - { id: act, run: "true", rollback: [{ id: slow, run: "echo began >> began; until test -e go; do sleep 0.02; done; echo act >> undone" }] }
      - { id: boom, run: "exit 1" }
`),
    );
    const run = folder.start(['run']);
    await folder.appears('began');
    run.child.kill('SIGKILL');
    await run.finished;
    writeFileSync(join(folder.path, 'go'), '');
    const { code, stdout } = await folder.relpipe('resume');
    expect({ code, undone: [...folder.lines('undone')].slice(-2) }, stdout).toEqual({ code: 3, undone: ['act', 'base'] });
  });

  test('a rollback that was killed probes first where it has a probe, and does nothing twice', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - { id: act, run: "true", rollback: [{ id: back, run: "echo act >> undone; until test -e go; do sleep 0.02; done", probe: "grep -qs act undone" }] }
      - { id: boom, run: "exit 1" }
`),
    );
    const run = folder.start(['run']);
    await folder.appears('undone');
    run.child.kill('SIGKILL');
    await run.finished;
    writeFileSync(join(folder.path, 'go'), '');
    const { code, stdout } = await folder.relpipe('resume');
    expect({ code, undone: folder.lines('undone') }, stdout).toEqual({ code: 3, undone: ['act'] });
  });

  test('a rollback never crosses an irreversible step: the run pauses, and continue leaves the rest in place', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - { id: base, run: "true", ${undo('base')} }
      - { id: publish, run: "true", irreversible: true }
      - { id: after, run: "true", ${undo('after')} }
      - { id: boom, run: "exit 1" }
finally: [{ id: clean, run: "echo clean >> clean" }]
`),
    );
    const paused = await folder.relpipe('run');
    expect({ code: paused.code, undone: folder.lines('undone'), clean: folder.lines('clean') }, paused.stdout).toEqual({ code: 6, undone: ['after'], clean: [] });
    expect(paused.stdout).toContain('one/publish');
    const status = await folder.relpipe('status');
    expect(status.stdout).toMatch(/^trial: paused\n[^]*the rollback stops at one\/publish[^]*relpipe continue/);
    expect((await folder.relpipe('runs')).stdout).toContain('  paused  ');
    await folder.relpipe('report', '--output', 'paused.html');
    expect(folder.lines('paused.html').join('\n')).toContain('paused</p>');
    await folder.relpipe('continue', '--reason', 'the announcement corrects it');
    const { code, stdout } = await folder.relpipe('resume');
    expect({ code, undone: folder.lines('undone'), clean: folder.lines('clean') }, stdout).toEqual({ code: 7, undone: ['after'], clean: ['clean'] });
    expect(stdout).toContain('one/base');
  });

  test('a run that is paused at an irreversible step names the step, and offers only what leads on', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - { id: base, run: "true", ${undo('base')} }
      - { id: publish, run: "true", irreversible: true }
      - { id: boom, run: "echo why it fails >&2; exit 1", on-failure: pause }
`),
    );
    expect((await folder.relpipe('run')).stdout).toContain('roll back: relpipe rollback');
    const rolledBack = await folder.relpipe('rollback', '--reason', 'back');
    const status = await folder.relpipe('status');
    for (const { stdout } of [rolledBack, status]) {
      expect(stdout).toContain('the rollback stops at one/publish');
      expect(stdout).toContain('end run:   relpipe continue');
      expect(stdout.slice(stdout.indexOf('the rollback stops'))).not.toContain('relpipe rollback');
    }
  });

  test('a rollback of a run in progress stops its tasks and rolls them back', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - { id: base, run: "true", ${undo('base')} }
      - { id: work, run: "echo $$ > began; sleep 60", ${undo('work')} }
`),
    );
    const run = folder.start(['run']);
    await folder.appears('began');
    expect((await folder.relpipe('rollback', '--reason', 'changed my mind')).code).toBe(0);
    expect((await folder.relpipe('status', '--json')).stdout, 'a rollback returns when the run has heard it').toContain('changed my mind');
    const { code, stdout } = await run.finished;
    expect({ code, undone: folder.lines('undone') }, stdout).toEqual({ code: 3, undone: ['work', 'base'] });
    expect(stdout).toContain('changed my mind');
    expect((await folder.relpipe('rollback', '--reason', 'again')).code).toBe(2);
    expect((await folder.relpipe('rollback')).code).toBe(2);
  });
});
