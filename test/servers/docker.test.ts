import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { givenServer, needing, programOf } from '@relpipe/testing/real-servers';
import { runCommand } from '@relpipe/testing/run-command';
import { buildImage } from '@relpipe/testing/samples/image';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { expect, test } from 'vitest';

test('docker pushes an image, and the registry returns the same digest', needing('docker-engine', 'docker-registry', 'busybox'), async () => {
  using folder = scratchFolder();
  const [engine, registry] = [givenServer('docker-engine'), givenServer('docker-registry')];
  const image = `${registry.settings['host']}/probe:docker`;
  const env = { DOCKER_HOST: engine.url };

  await buildImage(engine, folder.path, image);
  await runCommand('docker', ['push', '--quiet', image], { env });

  const headers = { accept: 'application/vnd.docker.distribution.manifest.v2+json' };
  const manifest = await fetch(`${registry.url}/v2/probe/manifests/docker`, { method: 'HEAD', headers });
  const known = await runCommand('docker', ['image', 'inspect', '--format', '{{index .RepoDigests 0}}', image], { env });
  expect(known).toBe(`${registry.settings['host']}/probe@${manifest.headers.get('docker-content-digest')}`);
});

test('docker-compose runs a service with an image that docker built', needing('docker-engine', 'docker-compose', 'busybox'), async () => {
  using folder = scratchFolder();
  const engine = givenServer('docker-engine');
  const image = 'relpipe-probe:compose';
  await buildImage(engine, folder.path, image);
  writeFileSync(join(folder.path, 'docker-compose.yml'), `version: '3'\nservices: { echo: { image: '${image}', command: ['echo', 'it runs'] } }\n`);
  const compose = (...args: readonly string[]): Promise<string> =>
    runCommand(programOf('docker-compose'), args, { cwd: folder.path, env: { DOCKER_HOST: engine.url } });
  try {
    await compose('up', '--no-color');
    expect(await compose('logs', '--no-color')).toContain('it runs');
  } finally {
    await compose('down');
  }
});
