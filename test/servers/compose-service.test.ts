import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '@relpipe/testing/free-port';
import { realDocker } from '@relpipe/testing/real-docker';
import { needing, programOf } from '@relpipe/testing/real-servers';
import { relpipeIn, type RelpipeInFolder } from '@relpipe/testing/relpipe-folder';
import { expect, onTestFinished, test } from 'vitest';

const example = resolve(import.meta.dirname, '../../examples/pipelines/compose-service');
const needed = { ...needing('docker-engine', 'docker-compose', 'busybox'), timeout: 240_000 };

interface Shop {
  readonly folder: string;
  readonly url: string;
  readonly relpipe: (file: 'deploy' | 'rollback', version: string) => ReturnType<RelpipeInFolder>;
  /** The version whose image runs. */
  readonly running: () => Promise<string>;
}

/** The example with an image that needs no registry, a free port, and a project name of its own on the shared engine. */
async function shop(): Promise<Shop> {
  const given = realDocker();
  const [project, port] = [`shop${given.id}`, await freePort()];
  const { folder } = given;
  const docker = (...args: readonly string[]) => given.docker(...args);
  const files = Object.fromEntries(readdirSync(example).map((name) => [name, readFileSync(join(example, name), 'utf8')] as const));
  const relpipe = relpipeIn(folder, {
    ...files,
    Dockerfile: (files['Dockerfile'] ?? '').replace('FROM busybox:1.37', 'FROM scratch\nCOPY busybox /bin/busybox'),
    'compose.yaml': (files['compose.yaml'] ?? '').replace('127.0.0.1:8080:8080', `127.0.0.1:${port}:8080`),
    '.dockerignore': 'node_modules\n.relpipe\nbackups\n',
  });
  copyFileSync(programOf('busybox'), join(folder, 'busybox'));
  await docker('volume', 'create', `${project}_data`);
  const containers = () => docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`);
  onTestFinished(async () => {
    const left = await containers();
    if (left !== '') await docker('rm', '--force', ...left.split('\n'));
    await docker('network', 'rm', `${project}_default`).catch(() => undefined);
    await docker('volume', 'rm', '--force', `${project}_data`);
    const images = await docker('images', '--quiet', project);
    if (images !== '') await docker('image', 'rm', '--force', ...new Set(images.split('\n')));
  });
  const url = `http://127.0.0.1:${port}/`;
  const inputs = { project, url };
  return {
    folder,
    url,
    relpipe: (file, version) => {
      const all = { ...inputs, version, ...(file === 'deploy' && { watch: '3s' }) };
      return relpipe('run', `${file}.pipeline.yaml`, ...Object.entries(all).flatMap(([name, value]) => ['--input', `${name}=${value}`]));
    },
    running: async () => (await docker('container', 'inspect', '--format', '{{.Config.Image}}', await containers())).split(':')[1] ?? '',
  };
}

test('the compose example deploys a version, rolls a bad version back, and deploys a previous version on request', needed, async () => {
  const { folder, url, relpipe, running } = await shop();
  const page = async (): Promise<string> => (await fetch(url)).text();

  writeFileSync(join(folder, 'index.html'), 'one');
  const first = await relpipe('deploy', '1.0.0');
  expect({ exitCode: first.exitCode, runs: await running(), page: await page() }, first.all).toEqual({ exitCode: 0, runs: '1.0.0', page: 'one' });

  // Its server asks for a page that is not there: no health check of it succeeds.
  writeFileSync(join(folder, 'Dockerfile'), readFileSync(join(folder, 'Dockerfile'), 'utf8').replace('/www/index.html', '/elsewhere/index.html'));
  const bad = await relpipe('deploy', '1.1.0');
  expect({ exitCode: bad.exitCode, page: await page() }, bad.all).toEqual({ exitCode: 3, page: 'one' });

  writeFileSync(join(folder, 'Dockerfile'), readFileSync(join(folder, 'Dockerfile'), 'utf8').replace('/elsewhere/index.html', '/www/index.html'));
  writeFileSync(join(folder, 'index.html'), 'two');
  const second = await relpipe('deploy', '1.2.0');
  expect({ exitCode: second.exitCode, runs: await running(), page: await page() }, second.all).toEqual({ exitCode: 0, runs: '1.2.0', page: 'two' });

  const back = await relpipe('rollback', '1.0.0');
  expect({ exitCode: back.exitCode, runs: await running(), page: await page() }, back.all).toEqual({ exitCode: 0, runs: '1.0.0', page: 'one' });
  expect(readdirSync(join(folder, 'backups'))).toHaveLength(4);
});
