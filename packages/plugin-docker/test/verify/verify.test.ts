import { containing } from '@relpipe/testing/matchers';
import { virtualContext } from '@relpipe/testing/step-context';
import { expect, test } from 'vitest';
import { verify } from '../../src/verify/verify.ts';
import { ociIndex, ociManifest, startRegistry, type Registry, type StoredRepository } from '../support/start-registry.ts';

function pushPlatforms(repository: StoredRepository, labels: Readonly<Record<string, string>>[]): string {
  const images = labels.map((Labels, n) => {
    const architecture = ['amd64', 'arm64'][n];
    const config = repository.pushBlob(JSON.stringify({ os: 'linux', architecture, config: { Labels } }));
    const layers = [{ mediaType: 'layer', ...repository.pushBlob('layer') }];
    const body = { schemaVersion: 2, mediaType: ociManifest, config: { mediaType: 'config', ...config }, layers };
    return { mediaType: ociManifest, digest: repository.push(JSON.stringify(body), ociManifest), size: 1, platform: { os: 'linux', architecture } };
  });
  const attestation = { mediaType: ociManifest, digest: images[0]!.digest, size: 1, platform: { os: 'unknown', architecture: 'unknown' } };
  return repository.push(JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests: [...images, attestation] }), ociIndex, '1.4.0');
}

const run = (registry: Registry, more: object = {}) => verify.run({ image: `${registry.url}/acme/engine:1.4.0`, ...more }, virtualContext());

test('a verified image has a digest, platforms, labels and a size; an attestation does not count as a platform', async () => {
  await using registry = await startRegistry();
  const digest = pushPlatforms(registry.repository('acme/engine'), [{ version: '1.4.0' }, { version: '1.4.0' }]);
  const size = [...registry.repository('acme/engine').blobs.values()].reduce((sum, { length }) => sum + length, 0);
  const asked = { digest, platforms: ['linux/amd64', 'linux/arm64'], labels: { version: '1.4.0' } };
  expect(await run(registry, asked)).toEqual({
    image: `${new URL(registry.url).host}/acme/engine@${digest}`,
    digest,
    platforms: ['linux/amd64', 'linux/arm64'],
    labels: { version: '1.4.0' },
    size,
  });
});

test.each([
  [{ digest: `sha256:${'0'.repeat(64)}` }, 'DOCKER_DIGEST_MISMATCH', 'expected sha256:000'],
  [{ platforms: ['linux/amd64', 'linux/s390x'] }, 'DOCKER_PLATFORM_MISSING', 'has no image for linux/s390x, only for linux/amd64, linux/arm64.'],
  [{ labels: { version: '1.4.0' } }, 'DOCKER_LABEL_MISMATCH', '(linux/arm64): the label version is "1.3.0", expected "1.4.0"'],
  [{ labels: { revision: 'abc' } }, 'DOCKER_LABEL_MISMATCH', 'the label revision is not set'],
])('an image that differs from %j fails the verification', async (asked, code, message) => {
  await using registry = await startRegistry();
  pushPlatforms(registry.repository('acme/engine'), [{ version: '1.4.0' }, { version: '1.3.0' }]);
  await expect(run(registry, asked)).rejects.toMatchObject({ code, message: containing(message) });
});

test('an image of which the registry has lost a layer cannot be pulled', async () => {
  await using registry = await startRegistry();
  const repository = registry.repository('acme/engine');
  pushPlatforms(repository, [{}]);
  repository.blobs.delete(repository.pushBlob('layer').digest);
  await expect(run(registry)).rejects.toMatchObject({ code: 'DOCKER_IMAGE_INCOMPLETE', message: containing('cannot be pulled') });
});

test('a missing image is a retryable error, because it may appear later', async () => {
  await using registry = await startRegistry();
  await expect(run(registry)).rejects.toMatchObject({ code: 'DOCKER_IMAGE_MISSING', retryable: true });
});
