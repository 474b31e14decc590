import { join } from 'node:path';
import { serve } from '@relpipe/testing/http-server';
import { pipelineOfReadme } from '@relpipe/testing/readme-pipeline';
import { relpipeIn } from '@relpipe/testing/relpipe-folder';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { expect, test } from 'vitest';
import { StandInNode } from './stand-in/kong-node.ts';

const readme = join(import.meta.dirname, '../README.md');

test('the pipeline of the README of router-kong gives the candidate all traffic (stand-in)', { timeout: 60_000 }, async () => {
  await using stable = await serve((_, response) => response.end('stable'));
  await using candidate = await serve((_, response) => response.end('candidate'));
  const [from, to] = [new URL(stable.url).host, new URL(candidate.url).host];
  await using node = new StandInNode({ [from]: 100, [to]: 0 });

  using folder = scratchFolder();
  const pipeline = pipelineOfReadme(readme, 0, {
    'http://127.0.0.1:8001': await node.start(),
    '10.0.0.1:8080': from,
    '10.0.0.2:8080': to,
    'settle: 10s': 'settle: 0s',
    'every: 10s': 'every: 100ms',
    '30m': '300ms',
    '1h': '300ms',
  });

  const { exitCode, all } = await relpipeIn(folder.path, { 'release.pipeline.yaml': pipeline })('run');

  expect(exitCode, all).toBe(0);
  expect(node.targets.map(({ target, weight }) => [target, weight])).toEqual([[from, 0], [to, 60_000]]);
});
