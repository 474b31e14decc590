import { join } from 'node:path';
import { freePort } from '@relpipe/testing/free-port';
import { pipelineOfReadme } from '@relpipe/testing/readme-pipeline';
import { relpipeIn } from '@relpipe/testing/relpipe-folder';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { expect, onTestFinished, test } from 'vitest';
import { stopRouter } from '../src/relpipe-router/commands.ts';
import { connectRouter } from '../src/relpipe-router/connect-router.ts';
import { underLoad } from '../src/testing/clients.ts';
import { startServer } from './support/http-servers.ts';
import { temporaryFolder } from './support/test-router.ts';

const readme = join(import.meta.dirname, '../README.md');

const serverSaying = async (name: string): Promise<string> => {
  let requests = 0;
  const { url } = await startServer(({ url: path }, response) => {
    if (path !== '/metrics') requests += 1;
    response.end(path === '/metrics' ? `http_requests_total{code="200"} ${requests}\nhttp_requests_total{code="500"} 0\n` : name);
  });
  return url;
};

test('the pipeline of the README of plugin-traffic gives the candidate all traffic', { timeout: 60_000 }, async () => {
  const [listen, stateFile] = [`127.0.0.1:${await freePort()}`, join(await temporaryFolder(), 'router.json')];
  const [blue, green] = [await serverSaying('blue'), await serverSaying('green')];
  onTestFinished(() => stopRouter(stateFile));

  const pipeline = pipelineOfReadme(readme, 0, {
    '/var/lib/shop/router.json': stateFile,
    '127.0.0.1:8080': listen,
    'http://127.0.0.1:9001': blue,
    'http://127.0.0.1:9002': green,
    'every: 15s': 'every: 100ms',
    '2m': '1s',
    '30m': '1s',
    '1h': '1s',
  });

  using folder = scratchFolder();
  const relpipe = relpipeIn(folder.path, { 'release.pipeline.yaml': pipeline });
  await underLoad(`http://${listen}`, async () => {
    const { exitCode, all } = await relpipe('run');
    expect(exitCode, all).toBe(0);
  });

  expect((await (await connectRouter({ stateFile })).readWeights()).weights).toEqual({ blue: 0, green: 100 });
});
