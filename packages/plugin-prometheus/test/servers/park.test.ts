import { givenServer, needing } from '@relpipe/testing/real-servers';
import { relpipeIn } from '@relpipe/testing/relpipe-folder';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { expect, test } from 'vitest';
import { startScrapedTarget } from '../support/real-prometheus.ts';

const watching = (probe: string): string => `relpipe: 1
name: shop
plugins: { "@relpipe/plugin-prometheus": ^0.1.0 }
gates:
  errors:
    every: 1s
    metrics:
      broken:
        uses: prometheus.query
        unit: count
        with: { server: "${givenServer('prometheus').url}", query: 'relpipe_broken{probe="${probe}"}' }
        threshold: { max: 0, for: 2s }
        no-data: inconclusive
stages:
  live:
    steps:
      - { id: switch, run: "echo on > live", idempotent: true, rollback: [{ id: back, run: "echo off > live" }] }
      - { id: watch, hold: 1h, gates: [errors] }
`;

test('a breach that came and went while the run was parked is found when it is resumed', needing('prometheus'), async () => {
  await using service = await startScrapedTarget('relpipe_broken 0\n');
  await service.shows('relpipe_broken 0\n');
  using folder = scratchFolder();
  const relpipe = relpipeIn(folder.path, { 'release.pipeline.yaml': watching(service.probe) });

  const parked = await relpipe('run', '--park-after', '0s');
  expect(parked, parked.all).toMatchObject({ exitCode: 75 });

  await service.shows('relpipe_broken 1\n');
  await service.shows('relpipe_broken 1\n');
  await service.shows('relpipe_broken 1\n');
  await service.shows('relpipe_broken 0\n');
  const resumed = await relpipe('resume', '--park-after', '0s');
  expect(resumed, resumed.all).toMatchObject({ exitCode: 3 });
  expect(resumed.all).toContain('gate errors: fail');
  expect(relpipe.read('live')).toBe('off\n');
});
