import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runReadme } from '../../../test/support/run-readme.ts';
import { serve } from '../../../test/support/serve.ts';
import { StandInNode } from './stand-in/kong-node.ts';

const home = join(import.meta.dirname, '..');

test('the pipeline of the README gives the candidate everything (stand-in)', { timeout: 60_000 }, async () => {
  await using stable = await serve((_, response) => response.end('stable'));
  await using candidate = await serve((_, response) => response.end('candidate'));
  const [from, to] = [new URL(stable.url).host, new URL(candidate.url).host];
  await using node = new StandInNode({ [from]: 100, [to]: 0 });

  const { code, output } = await runReadme(join(home, 'README.md'), [home, join(home, '../plugin-traffic')], {
    'http://127.0.0.1:8001': await node.start(),
    '10.0.0.1:8080': from,
    '10.0.0.2:8080': to,
    'settle: 10s': 'settle: 0s',
    'every: 10s': 'every: 100ms',
    '30m': '300ms',
    '1h': '300ms',
  });

  expect(code, output).toBe(0);
  expect(node.targets.map(({ target, weight }) => [target, weight])).toEqual([[from, 0], [to, 60_000]]);
});
