import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openFolder } from '@relpipe/testing/relpipe-folder';
import { describe, type ExpectStatic, test } from 'vitest';

const parked = ['--park-after', '0s'] as const;

/** What `relpipe` does in a folder with this pipeline. */
const folderWith = async (pipeline: string, onTestFinished: (clean: () => Promise<void> | void) => void) => {
  const folder = await openFolder({ 'release.pipeline.yaml': `relpipe: 1\nname: trial\n${pipeline}` }, onTestFinished);
  mkdirSync(join(folder.path, 'node_modules/@relpipe'), { recursive: true });
  symlinkSync(resolve(import.meta.dirname, '../../packages/plugin-traffic'), join(folder.path, 'node_modules/@relpipe/plugin-traffic'));
  return { path: folder.path, relpipe: (...args: readonly string[]) => folder.start(args).finished };
};

const containing = (expect: ExpectStatic, text: string) => expect.stringContaining(text) as string;

/** Each was a fault of relpipe: a person is asked by name, sees what will happen, and is told what happened and why. */
describe.concurrent('people and what is shown', () => {
  test('approvers-for-a-phase: a phase says who may let the traffic rise, in the words of an approval', async ({ expect, onTestFinished }) => {
    const { relpipe } = await folderWith(`
plugins: { "@relpipe/plugin-traffic": ^0.1.0 }
groups: { managers: [lead, engineer] }
stages:
  release:
    steps:
      - id: canary
        uses: traffic.canary
        with:
          router: { embedded: { state: router.json } }
          stable: stable
          candidate: candidate
          phases:
            - { weight: 5%, hold: 1m, approval: { question: "Go on?", approvers: { count: 1, of: [managers] } } }
            - { weight: 100%, hold: 1m }
`, onTestFinished);
    expect((await relpipe('validate')).code).toBe(0);
    expect((await relpipe('run', ...parked)).code).toBe(2);
  });

  test('group-from-an-input: a member of a group is a name, and an expression there is refused at its place', async ({ expect, onTestFinished }) => {
    const { relpipe } = await folderWith(`
inputs: { authors: { type: list, required: true } }
groups: { team: ["\${{ inputs.authors }}"] }
stages: { a: { steps: [{ id: ask, approval: "Go on?", approvers: { of: [team] } }] } }
`, onTestFinished);
    const { code, stderr } = await relpipe('validate');
    expect({ code, stderr }).toEqual({ code: 2, stderr: containing(expect, 'release.pipeline.yaml:5:18: error REL_LITERAL_REQUIRED') });
    expect(stderr).not.toContain('Write it as a list');
  });

  test('expression-without-a-limit: ten nested loops are refused at their place', async ({ expect, onTestFinished }) => {
    const loops = Array.from({ length: 10 }, (_, n) => `inputs.n.all(v${String(n)}, `).join('');
    const { relpipe } = await folderWith(`
inputs: { n: { type: list, default: ["1", "2", "3", "4", "5", "6", "7", "8", "9"] } }
stages: { a: { steps: [{ id: b, when: '${loops}v0 != "0"${')'.repeat(10)}', run: "true", rollback: none }] } }
`, onTestFinished);
    const { code, stderr } = await relpipe('plan');
    expect({ code, stderr }).toEqual({ code: 2, stderr: containing(expect, 'release.pipeline.yaml:5:') });
    expect(stderr).toContain('error REL_EXPRESSION_LIMIT');
  });

  test('plan-hides-what-matters: the plan shows questions, people, deadlines, commands, holds and limits', async ({ expect, onTestFinished }) => {
    const { relpipe } = await folderWith(`
groups: { managers: [lead, engineer] }
gates: { health: { every: 1s, metrics: { errors: { run: "echo 0", unit: count, threshold: { max: 5 }, no-data: fail } } } }
stages:
  a:
    steps:
      - { id: ask, approval: "Put it live today?", approvers: { count: 1, of: [managers] }, timeout: 36h }
      - { id: act, run: "./switch-over --all", rollback: [{ id: back, run: "./switch-back --all" }] }
      - { id: watch, hold: 47m, gates: [health] }
`, onTestFinished);
    const { stdout } = await relpipe('plan');
    for (const words of ['asks: Put it live today?', '1 approval by lead or engineer', 'after 36h', 'runs: ./switch-over --all', 'back: runs: ./switch-back --all', 'holds for 47m', 'watched by health', 'max 5'])
      expect(stdout).toContain(words);
  });

  test('report-without-the-cause: the report of a run that a gate stopped says so first, and one that a person rolledBack names the person', async ({ expect, onTestFinished }) => {
    const gate = 'gates: { health: { every: 200ms, metrics: { errors: { run: "cat level", unit: count, threshold: { critical: 5 }, no-data: fail } } } }';
    const stopped = await folderWith(`${gate}
stages: { a: { steps: [{ id: act, run: "echo 1 > level; sleep 1; echo 9 > level; sleep 20", idempotent: true, gates: [health], rollback: [{ id: back, run: "true" }] }] } }
`, onTestFinished);
    expect((await stopped.relpipe('run')).code).toBe(3);
    await stopped.relpipe('report', '-o', 'report.html');
    const report = readFileSync(join(stopped.path, 'report.html'), 'utf8');
    expect(report).toMatch(/What needs attention<\/h2>\s*<article>\s*<h3><a href="#step-a%2Fact">a\/act<\/a> failed<\/h3>\s*<p>gate health failed: errors is 9, above critical 5/);

    const rolledBack = await folderWith('stages: { a: { steps: [{ id: act, run: "true", rollback: [{ id: back, run: "true" }] }, { id: ask, approval: "Go on?" }] } }\n', onTestFinished);
    await rolledBack.relpipe('run', ...parked);
    const { code, stdout } = await rolledBack.relpipe('rollback', '--reason', 'night shift', '--as', 'lead');
    expect({ code, stdout }).toEqual({ code: 3, stdout: containing(expect, 'rolled back after') });
    expect(stdout).toMatch(/^.{10} *rolled back by lead \([^)]*\): night shift\n/);
    expect(stdout).toMatch(/trial rolled back after [^:]*: rolled back by lead: night shift\n/);
  });
});
