import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@relpipe/testing/free-port';
import { serve } from '@relpipe/testing/http-server';
import { givenServer, needing } from '@relpipe/testing/real-servers';
import { runCommand } from '@relpipe/testing/run-command';
import { waitUntil } from '@relpipe/testing/wait-until';
import { expect, test } from 'vitest';

test('nginx proxies to a server after a reload', needing('nginx'), async () => {
  await using behind = await serve((_, response) => response.end('from behind'));
  const nginx = givenServer('nginx');
  const { config = '', sites = '' } = nginx.settings;
  const nginxSays = (...args: readonly string[]): Promise<string> =>
    runCommand(nginx.program, ['-p', nginx.folder, '-e', 'stderr', '-c', config, ...args]);
  const port = await freePort();
  const site = join(sites, `probe-${port}.conf`);
  try {
    writeFileSync(site, `server { listen 127.0.0.1:${port}; location / { proxy_pass ${behind.url}; } }\n`);
    await nginxSays('-t');
    await nginxSays('-s', 'reload');

    const ask = async (): Promise<Response> => fetch(`http://127.0.0.1:${port}/`);
    await waitUntil(async () => (await ask()).ok);
    const answer = await ask();
    expect(await answer.text()).toBe('from behind');
    expect(answer.headers.get('server')).toBe(`nginx/${nginx.version}`);
  } finally {
    rmSync(site);
    await nginxSays('-s', 'reload');
  }
});
