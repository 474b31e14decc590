import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { virtualContext } from '@relpipe/testing/step-context';
import { describe, expect, test } from 'vitest';
import { printMetrics } from '../../src/release-metrics/release-metrics.impl.ts';
import { releaseMetrics } from '../../src/release-metrics/release-metrics.ts';
import { summariseRun } from '../../src/release-metrics/run-summary.ts';
import { ended, eventsOf, over, rolledBack, started } from './events.ts';

const run = '20270115-0800-k3f9';

/** The values that are printed, without help and types, and without the labels that all have. */
async function printed(events: Parameters<typeof summariseRun>[0]): Promise<string[]> {
  const text = await printMetrics(summariseRun(events)!);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const shared = `pipeline="shop \\"north\\"",run="${run}"`;
  expect(lines.filter((line) => !line.includes(shared))).toEqual([]);
  return lines.map((line) => line.replace(`${shared},`, '').replace(`{${shared}}`, ''));
}

describe('the metrics of a run that was rolled back', () => {
  test('a run that was rolled back reports its outcome, times, gates and weight, and how long the rollback and the recovery took', async () => {
    const lines = await printed(eventsOf(run, ...rolledBack));
    expect(lines.filter((line) => !line.startsWith('relpipe_run_outcome'))).toEqual([
      'relpipe_run_info{version="1.2.0",commit="c0ffee",who="ann"} 1',
      'relpipe_run_started_timestamp_seconds 1800000000',
      'relpipe_run_seen_timestamp_seconds 1800000025',
      'relpipe_run_duration_seconds 25',
      'relpipe_step_duration_seconds{step="live/shift",phase="main",end="succeeded"} 4',
      'relpipe_step_duration_seconds{step="live/watch",phase="main",end="failed"} 8',
      'relpipe_step_duration_seconds{step="live/shift/back",phase="rollback",end="succeeded"} 7',
      'relpipe_gate_duration_seconds{step="live/watch",gate="health"} 8',
      'relpipe_gate_verdicts{step="live/watch",gate="health",verdict="pass"} 1',
      'relpipe_gate_verdicts{step="live/watch",gate="health",verdict="fail"} 1',
      'relpipe_weight_percent{stage="live"} 0',
      'relpipe_rollback_duration_seconds 8',
      'relpipe_recovery_duration_seconds 10',
    ]);
    expect(lines.filter((line) => line.startsWith('relpipe_run_outcome') && line.endsWith(' 1'))).toEqual(['relpipe_run_outcome{outcome="rolled-back"} 1']);
  });

  test('a run has no recovery time when something could not be rolled back', async () => {
    const failed = rolledBack.map(([at, event]) => [at, event.type === 'rollback-ended' ? { ...event, end: 'failed' as const } : event] as const);
    const names = (await printed(eventsOf(run, ...failed))).map((line) => /^\w+/.exec(line)?.[0]);
    expect(names).toContain('relpipe_rollback_duration_seconds');
    expect(names).not.toContain('relpipe_recovery_duration_seconds');
  });

  test('a rollback that is still in progress has no duration', async () => {
    const inProgress = rolledBack.slice(0, -2);
    expect((await printed(eventsOf(run, ...inProgress))).join('\n')).not.toMatch(/rollback_duration|recovery_duration/);
  });
});

test.each([
  [{ type: 'parked', asks: [] } as const, 'parked'],
  [{ type: 'paused', because: 'x' } as const, 'paused'],
  [{ type: 'interrupted', signal: 'SIGTERM' } as const, 'interrupted'],
  [over('succeeded'), 'succeeded'],
])('a run whose last event is %j has the outcome %s', async (last, outcome) => {
  const lines = await printed(eventsOf(run, [0, started], [3, ended('live/shift', 0, { end: 'skipped' })], [3, last]));
  expect(lines.filter((line) => line.endsWith('} 1') && line.includes('outcome'))).toEqual([`relpipe_run_outcome{outcome="${outcome}"} 1`]);
  expect(lines.join('\n')).not.toContain('relpipe_step_duration_seconds');
});

test('a run on which a process works is running', async () => {
  const lines = await printed(eventsOf(run, [0, started]));
  expect(lines.filter((line) => line.endsWith('} 1') && line.includes('outcome'))).toEqual(['relpipe_run_outcome{outcome="running"} 1']);
});

test('a run that has not started has no metrics', () => {
  expect(summariseRun([])).toBeUndefined();
});

describe('prometheus.release-metrics with a folder of textfiles', () => {
  const update = (folder: string, id: string, ...happened: Parameters<typeof eventsOf>[1][]) =>
    releaseMetrics.update({ folder, keep: 2 }, eventsOf(id, ...happened), virtualContext({ workdir: '/' }));

  test('each run is one file, and reporting the run again replaces it', async () => {
    using folder = scratchFolder();
    const inside = join(folder.path, 'metrics');
    await update(inside, run, [0, started], [1, { type: 'parked', asks: [] }]);
    const [file = '', ...others] = readdirSync(inside);
    expect({ file, others }).toEqual({ file: `relpipe-shop%20%22north%22@${run}.prom`, others: [] });
    await update(inside, run, [0, started], [9, over('succeeded')]);
    const once = readFileSync(join(inside, file), 'utf8');
    await update(inside, run, [0, started], [9, over('succeeded')]);
    expect(readFileSync(join(inside, file), 'utf8')).toBe(once);
    expect(once).toContain('outcome="succeeded"} 1');
    expect(once).toContain('outcome="parked"} 0');
  });

  test('the newest runs of the pipeline are kept, the reported one in any case, and other pipelines are left alone', async () => {
    using folder = scratchFolder();
    writeFileSync(join(folder.path, 'relpipe-other@20200101-0000-aaaa.prom'), '');
    for (const id of ['20270101-0000-aaaa', '20270103-0000-cccc', '20270102-0000-bbbb']) await update(folder.path, id, [0, started], [9, over('succeeded')]);
    const kept = (): string[] => readdirSync(folder.path).map((name) => name.split('@')[1]!.slice(0, 8)).toSorted();
    expect(kept()).toEqual(['20200101', '20270102', '20270103']);
    await update(folder.path, '20270101-0000-aaaa', [0, started], [9, over('succeeded')]);
    expect(kept()).toEqual(['20200101', '20270101', '20270103']);
  });
});
