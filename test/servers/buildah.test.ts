import { givenServer, needing, programOf } from '@relpipe/testing/real-servers';
import { runCommand } from '@relpipe/testing/run-command';
import { writeImageSource } from '@relpipe/testing/samples/image';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { expect, test } from 'vitest';

const needed = needing('buildah', 'skopeo', 'busybox', 'docker-registry');

test('buildah pushes one image for two platforms, and skopeo reads both from the registry', needed, async () => {
  using folder = scratchFolder();
  const registry = givenServer('docker-registry');
  const image = `${registry.settings['host']}/probe:buildah`;
  writeImageSource(folder.path);
  const buildah = (...args: readonly string[]): Promise<string> =>
    runCommand(programOf('buildah'), ['--storage-driver', 'vfs', '--root', `${folder.path}/root`, '--runroot', `${folder.path}/run`, ...args]);

  await buildah('build', '--quiet', '--platform', 'linux/amd64,linux/arm64', '--manifest', image, folder.path);
  await buildah('manifest', 'push', '--all', '--tls-verify=false', image, `docker://${image}`);

  const index = await runCommand(programOf('skopeo'), ['inspect', '--raw', '--tls-verify=false', `docker://${image}`]);
  const { manifests } = JSON.parse(index) as { manifests: { platform: { architecture: string } }[] };
  expect(manifests.map(({ platform }) => platform.architecture).toSorted()).toEqual(['amd64', 'arm64']);
});
