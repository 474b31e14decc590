import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { eventsIn, pipeline, runIn, test } from './side-by-side.ts';

describe.concurrent('artifacts', () => {
  test('the files that a step leaves are kept with the run, whether it succeeds or fails, and nothing of relpipe itself', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
inputs: { version: { type: semver, default: 1.0.0 } }
stages:
  one:
    steps:
      - { id: build, run: "mkdir -p dist/sub; echo a > dist/a-1.0.0.txt; echo b > dist/sub/b.txt", artifacts: ["dist/*-\${{ inputs.version }}.txt", "**/b.txt", "none/*"] }
      - { id: check, run: "echo log > check.log; exit 1", artifacts: ["**/*.log"] }
`),
    );
    const { code, stdout } = await folder.relpipe('run', '--json');
    expect(code).toBe(1);
    const kept = eventsIn(stdout).flatMap(({ type, step, artifacts }) => (type === 'attempt-ended' ? [[step, artifacts] as const] : []));
    expect(kept).toEqual([
      ['one/build', [expect.objectContaining({ path: 'dist/a-1.0.0.txt', bytes: 2 }), expect.objectContaining({ path: 'dist/sub/b.txt', bytes: 2 })]],
      ['one/check', [expect.objectContaining({ path: 'check.log', bytes: 4 })]],
    ]);
    const artifacts = join(folder.path, '.relpipe/runs', runIn(stdout), 'artifacts');
    expect(readdirSync(artifacts).sort()).toEqual(['one__build', 'one__check']);
    expect(readFileSync(join(artifacts, 'one__build/dist/sub/b.txt'), 'utf8')).toBe('b\n');
    expect((await folder.relpipe('report', '--output', 'report.html')).code).toBe(0);
    expect(folder.lines('report.html').join('\n')).toContain('dist/sub/b.txt');
  });

  test('a file outside of the folder of the pipeline, and one that only the run knows, cannot be kept', async ({ folderWith, expect }) => {
    const folder = await folderWith(
      pipeline(`
stages:
  one:
    steps:
      - { id: a, run: "true", outputs: { file: string }, artifacts: [../up.txt, /etc/passwd] }
      - { id: b, run: "true", artifacts: ["\${{ steps.a.outputs.file }}"] }
`),
    );
    const { code, stderr } = await folder.relpipe('validate');
    expect(code).toBe(2);
    expect([...stderr.matchAll(/error ([A-Z_]+)/g)].map(([, found]) => found)).toEqual(['REL_ARTIFACT_OUTSIDE', 'REL_ARTIFACT_OUTSIDE', 'REL_OUTPUT_NOT_AVAILABLE']);
  });
});
