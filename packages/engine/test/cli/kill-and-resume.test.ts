import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Folder, folderWith } from '@relpipe/testing/relpipe-folder';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/run/store/sqlite/open-sqlite-store.ts';
import type { RunRow } from '../../src/run/store/run-store.ts';

const pipeline = `
relpipe: 1
name: killed
defaults: { retry: { losses: 20 } }
stages:
  build:
    parallel: true
    steps:
      - { id: left, run: "echo left >> effects; echo size=3 >> $RELPIPE_OUTPUT", outputs: { size: integer }, probe: "grep -qs left effects || exit 1; echo size=3 >> $RELPIPE_OUTPUT" }
      - { id: right, run: "sleep 0.1; touch right", idempotent: true }
      - id: cells
        run: "touch cell-\${{ matrix.n }}"
        idempotent: true
        matrix: { axes: { n: ["1", "2", "3"] }, max-parallel: 2 }
  ship:
    needs: [build]
    steps:
      - { id: publish, run: "sleep 0.1; echo publish \${{ steps.left.outputs.size }} >> effects", probe: "grep -qs publish effects || exit 1", rollback: [{ id: unpublish, run: "grep -qs unpublish effects || echo unpublish >> effects" }] }
      - { id: settle, hold: 300ms }
      - { id: check, run: "test -e right", idempotent: true }
      - { id: boom, run: "sleep 0.1; exit 1", idempotent: true }
finally:
  - { id: clean, run: "echo cleaned > cleaned", idempotent: true }
`;

/** Ends the process with SIGKILL as soon as so many facts are durable; false when the run was over before. */
async function runAndKillAt(folder: Folder, seq: number, args: readonly string[]): Promise<boolean> {
  const { child, finished } = folder.start(args);
  while (child.exitCode === null && child.signalCode === null && (await factsIn(folder)) < seq) await pause(2);
  child.kill('SIGKILL');
  return (await finished).signal === 'SIGKILL' && (await lastRunIn(folder))?.state !== 'over';
}

const factsIn = async (folder: Folder): Promise<number> => (await lastRunIn(folder))?.facts ?? 0;

async function lastRunIn(folder: Folder): Promise<RunRow | undefined> {
  const file = join(folder.path, '.relpipe/journal.db');
  if (!existsSync(file)) return undefined;
  const store = openSqliteStore(file);
  try {
    return (await store.runs()).at(-1);
  } finally {
    await store.close();
  }
}

/** Everything that can be seen from outside. */
function world(folder: Folder) {
  const file = join(folder.path, 'effects');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  return {
    effects: lines.sort(),
    files: ['right', 'cell-1', 'cell-2', 'cell-3', 'cleaned'].filter((file) => existsSync(join(folder.path, file))),
  };
}

test('a run that is killed with SIGKILL at any of twenty places and resumed ends like an undisturbed one', { timeout: 180_000 }, async () => {
  const undisturbed = await folderWith({ 'release.pipeline.yaml': pipeline });
  expect((await undisturbed.relpipe('run')).code).toBe(3);
  const [wanted, facts] = [world(undisturbed), await factsIn(undisturbed)];
  expect(wanted).toEqual({ effects: ['left', 'publish 3', 'unpublish'], files: ['right', 'cell-1', 'cell-2', 'cell-3', 'cleaned'] });

  let [place, killed] = [0, 0];
  const killAndResume = async (): Promise<void> => {
    while (killed < 20) {
      const seq = 1 + ((++place * 7) % (facts - 1));
      const folder = await folderWith({ 'release.pipeline.yaml': pipeline });
      if (!(await runAndKillAt(folder, seq, ['run']))) continue;
      killed++;
      const resumed = await folder.relpipe('resume');
      expect({ seq, code: resumed.code, ...world(folder) }, resumed.stdout + resumed.stderr).toEqual({ seq, code: 3, ...wanted });
    }
  };
  await Promise.all([killAndResume(), killAndResume(), killAndResume()]);
});

test('a run that is killed again and again still ends like an undisturbed one', { timeout: 120_000 }, async () => {
  const folder = await folderWith({ 'release.pipeline.yaml': pipeline });
  await runAndKillAt(folder, 2, ['run']);
  let kills = 0;
  while (kills < 30 && (await runAndKillAt(folder, (await factsIn(folder)) + 7, ['resume']))) kills++;
  expect(kills).toBeGreaterThan(1);
  expect(kills).toBeLessThan(30);
  const { code } = await folder.relpipe('runs');
  expect(code).toBe(0);
  expect(world(folder).effects).toEqual(['left', 'publish 3', 'unpublish']);
});
