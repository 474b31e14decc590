import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runReadme } from '../../../test/support/run-readme.ts';
import { scratchFolder } from '../../../test/support/scratch-folder.ts';
import { serve } from '../../../test/support/serve.ts';
import { istioObjects } from './support/route-rigs.ts';

const home = join(import.meta.dirname, '..');

test('the pipeline of the README gives the candidate everything (stand-in)', { timeout: 60_000 }, async () => {
  using folder = scratchFolder();
  await using candidate = await serve((_, response) => response.end('candidate'));
  await using cluster = istioObjects.cluster({ stable: 100, candidate: 0 });
  const kubeconfig = join(folder.path, 'config');
  await cluster.start(kubeconfig);

  const { code, output } = await runReadme(
    join(home, 'README.md'),
    [home, join(home, '../plugin-traffic')],
    { 'http://shop-v2.example.com': candidate.url, 'settle: 5s': 'settle: 0s', 'every: 10s': 'every: 100ms', '30m': '300ms', '1h': '300ms' },
    { KUBECONFIG: kubeconfig },
  );

  expect(code, output).toBe(0);
  expect(istioObjects.weightsIn(cluster.object.spec)).toEqual({ stable: 0, candidate: 100 });
});
