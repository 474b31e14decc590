import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'vitest';
import { pipeline, test } from './side-by-side.ts';

const waiting = pipeline('stages: { one: { steps: [{ id: wait, run: "until test -e go; do sleep 0.02; done; echo it went" }, { id: act, run: "echo done >> marks" }] } }');

describe.concurrent('a reader of the output', () => {
  test('a reader of both streams may go away, and the run continues to its end', async ({ folderWith, expect }) => {
    const folder = await folderWith(waiting);
    const run = folder.start(['run']);
    await run.printed('one/wait');
    run.child.stdout?.destroy();
    run.child.stderr?.destroy();
    await writeFile(join(folder.path, 'go'), '');
    expect((await run.finished).code).toBe(0);
    expect(folder.lines('marks')).toEqual(['done']);
  });

  test.for(['runs', 'status', 'report', 'plan', 'logs'])('a reader may be gone before %s prints anything', async (command, { folderWith, expect }) => {
    const folder = await folderWith({ ...waiting, go: '' });
    await folder.relpipe('run');
    const shown = folder.start([command]);
    shown.child.stdout?.destroy();
    const { code, stderr } = await shown.finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
