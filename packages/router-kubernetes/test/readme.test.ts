import { join } from 'node:path';
import { serve } from '@relpipe/testing/http-server';
import { pipelineOfReadme } from '@relpipe/testing/readme-pipeline';
import { relpipeIn } from '@relpipe/testing/relpipe-folder';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { expect, test } from 'vitest';
import { istioObjects } from './support/route-rigs.ts';

const readme = join(import.meta.dirname, '../README.md');

test('the pipeline of the README of router-kubernetes gives the candidate all traffic (stand-in)', { timeout: 60_000 }, async () => {
  using folder = scratchFolder();
  await using candidate = await serve((_, response) => response.end('candidate'));
  await using cluster = istioObjects.cluster({ stable: 100, candidate: 0 });
  const kubeconfig = join(folder.path, 'config');
  await cluster.start(kubeconfig);

  const instead = { 'http://shop-v2.example.com': candidate.url, 'settle: 5s': 'settle: 0s', 'every: 10s': 'every: 100ms', '30m': '300ms', '1h': '300ms' };

  const relpipe = relpipeIn(folder.path, { 'release.pipeline.yaml': pipelineOfReadme(readme, 0, instead) }, { KUBECONFIG: kubeconfig });
  const { exitCode, all } = await relpipe('run');

  expect(exitCode, all).toBe(0);
  expect(istioObjects.weightsIn(cluster.object.spec)).toEqual({ stable: 0, candidate: 100 });
});
