import { describe } from 'vitest';
import { endsIn, eventsIn, pipeline, test } from './side-by-side.ts';

describe.concurrent('order', () => {
  test('a stage starts after the stages it needs, and stages that need nothing run side by side', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  last:
    needs: [left, right]
    steps: [{ id: last, run: "test -e left-done && test -e right-done" }]
  left:
    steps: [{ id: left, run: "touch left; until test -e right; do sleep 0.01; done; touch left-done" }]
  right:
    steps: [{ id: right, run: "touch right; until test -e left; do sleep 0.01; done; touch right-done" }]
`),
    );
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect({ code, ends: endsIn(stdout) }).toEqual({ code: 0, ends: { 'left/left': 'succeeded', 'right/right': 'succeeded', 'last/last': 'succeeded' } });
  });

  test('the steps of a stage run in order', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - { id: a, run: "sleep 0.05; echo a >> order" }
      - { id: b, run: "echo b >> order" }
      - { id: c, run: "echo c >> order" }
`),
    );
    expect((await folder.relpipe('run')).code).toBe(0);
    expect(folder.lines('order')).toEqual(['a', 'b', 'c']);
  });

  test('the steps of a parallel stage run side by side, except where one needs another', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    parallel: true
    steps:
      - { id: after, run: "test -e a-done; test -e b", needs: [a, b] }
      - { id: a, run: "touch a; until test -e b; do sleep 0.01; done; touch a-done" }
      - { id: b, run: "touch b; until test -e a; do sleep 0.01; done" }
`),
    );
    expect((await folder.relpipe('run')).code).toBe(0);
  });

  test('--parallel 1 lets only one task run at a time', async ({ folderWith, expect }) => {
    const step = (id: string) => `      - { id: ${id}, run: "test ! -e busy; touch busy; sleep 0.05; rm busy" }`;
    const folder = await folderWith(pipeline(`stages:\n  one:\n    parallel: true\n    steps:\n${['a', 'b', 'c'].map(step).join('\n')}\n`));
    expect((await folder.relpipe('run', '--parallel', '1')).code).toBe(0);
    expect((await folder.relpipe('run', '--parallel', '0')).code).toBe(2);
  });

  test('a failed step keeps everything that needs it from starting', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  a: { steps: [{ id: boom, run: "exit 1" }, { id: next, run: touch next }] }
  b: { needs: [a], steps: [{ id: later, run: touch later }] }
`),
    );
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect(code).toBe(1);
    expect(eventsIn(stdout).filter(({ type }) => type === 'step-started').map(({ step }) => step)).toEqual(['a/boom']);
    expect([...folder.lines('next'), ...folder.lines('later')]).toEqual([]);
  });
});

describe.concurrent('when', () => {
  const skipping = pipeline(`
inputs:
  deploy: { type: boolean, default: true }
stages:
  a:
    when: inputs.deploy
    steps:
      - { id: size, run: "echo n=3 >> $RELPIPE_OUTPUT", outputs: { n: integer } }
  b:
    needs: [a]
    steps:
      - { id: maybe, when: "!inputs.deploy", run: "echo maybe >> ran" }
      - { id: always, run: "echo always \${{ default(steps.size.outputs.n, 0) }} >> ran" }
`);

  test('a skipped stage and a skipped step satisfy the stages and steps that need them', async ({ folderWith, expect }) => {
    const folder = await folderWith(skipping);
    const { code, stdout } = await folder.relpipe('run', '--json', '-i', 'deploy=false');
    expect({ code, ends: endsIn(stdout) }).toEqual({ code: 0, ends: { 'a/size': 'skipped', 'b/maybe': 'succeeded', 'b/always': 'succeeded' } });
    expect(folder.lines('ran')).toEqual(['maybe', 'always 0']);
  });

  test('a step whose when is true has its outputs', async ({ folderWith, expect }) => {
    const folder = await folderWith(skipping);
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect({ code, ends: endsIn(stdout) }).toEqual({ code: 0, ends: { 'a/size': 'succeeded', 'b/maybe': 'skipped', 'b/always': 'succeeded' } });
    expect(folder.lines('ran')).toEqual(['always 3']);
  });
});
