import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { execReally, virtualContext } from '@relpipe/testing/step-context';
import { expect, onTestFinished, test, vi } from 'vitest';
import { build } from '../../src/build/build.ts';
import { push, type Pushed, type PushState } from '../../src/push/push.ts';
import { startRegistry } from '../support/start-registry.ts';
import { writeLayout } from '../support/write-layout.ts';

/** Stand-in for `docker` with buildx: it records its arguments and copies a prepared layout to the output of the build. */
function docker(architectures: readonly string[]) {
  const scratch = scratchFolder();
  onTestFinished(() => scratch[Symbol.dispose]());
  const { path } = scratch;
  const digest = writeLayout(join(path, 'built'), architectures);
  writeFileSync(
    join(path, 'docker'),
    `#!/bin/sh
[ "$2" = version ] && exit 0
echo "$@" >> '${path}/asked'
echo "NAME is $NAME" >> '${path}/asked'
for word; do case "$word" in type=oci,*) cp -r '${path}/built' "\${word##*dest=}";; esac; done
`,
  );
  chmodSync(join(path, 'docker'), 0o755);
  writeFileSync(join(path, 'Dockerfile'), 'FROM scratch\n');
  vi.stubEnv('PATH', `${path}:${process.env['PATH'] ?? ''}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return { path, digest, context: virtualContext<PushState, Pushed>({ workdir: path, exec: execReally(path) }) };
}

const platforms = ['linux/amd64', 'linux/arm64'];

test('buildx builds several platforms into a layout, with build arguments in its environment', async () => {
  const { path, digest, context } = docker(['amd64', 'arm64']);
  const tag = 'ghcr.io/acme/engine:1.4.0';
  const config = { tag, platforms, target: 'app', args: { NAME: 'a value' }, labels: { version: '1.4.0' }, engine: 'builder' };
  expect(await build.run(config, context)).toEqual({
    source: 'oci:.relpipe/images/ghcr.io-acme-engine-1.4.0',
    image: tag,
    digest,
    platforms,
    labels: { version: '1.4.0' },
  });
  const asked = readFileSync(join(path, 'asked'), 'utf8');
  expect(asked).toContain(
    `--context builder buildx build --progress plain --file ${path}/Dockerfile --target app --build-arg NAME --label version=1.4.0 --platform linux/amd64,linux/arm64 --output type=oci,tar=false,dest=`,
  );
  expect(asked).toContain('NAME is a value');
});

test('a build that lacks a platform fails, and leaves the previous layout in place', async () => {
  const { path, context } = docker(['amd64']);
  const tag = 'acme/engine:1';
  await build.run({ tag, platforms: ['linux/amd64'], builder: 'buildx' }, context);
  await expect(build.run({ tag, platforms }, context)).rejects.toMatchObject({ code: 'DOCKER_PLATFORM_MISSING' });
  expect(readdirSync(join(path, '.relpipe/images'))).toEqual(['docker.io-acme-engine-1']);
});

test('a layout is pushed with its digest, and a second push finds it there', async () => {
  await using registry = await startRegistry();
  const { digest, context } = docker(['amd64', 'arm64']);
  const image = `${registry.url}/acme/engine:1.4.0`;
  const { source } = await build.run({ tag: image, platforms }, context);
  expect(await push.run({ image, source }, context)).toMatchObject({ digest, previous: null, pushed: true });
  expect(registry.tags.get('1.4.0')).toBe(digest);
  expect(await push.run({ image, source }, virtualContext({ workdir: context.workdir }))).toMatchObject({ digest, previous: digest, pushed: false });
  expect(registry.log.filter((line) => line.startsWith('PATCH')).length).toBe(registry.repository('acme/engine').blobs.size);
});

test('a layout whose bytes have changed on the disk is not pushed', async () => {
  await using registry = await startRegistry();
  const { path, digest, context } = docker(['amd64']);
  const { source } = await build.run({ tag: 'acme/engine:1', platforms: ['linux/amd64'], builder: 'buildx' }, context);
  writeFileSync(join(path, source.replace('oci:', ''), 'blobs/sha256', digest.replace('sha256:', '')), '{}');
  await expect(push.run({ image: `${registry.url}/acme/engine:1`, source }, context)).rejects.toMatchObject({ code: 'DOCKER_DIGEST_CHANGED' });
  expect(registry.tags.size).toBe(0);
});

test('before the run, a builder that is missing or cannot build for several platforms is an error', async () => {
  const { path, context } = docker([]);
  expect(await build.verify?.({ tag: 'a:1', platforms }, context)).toEqual([]);
  expect(await build.verify?.({ tag: 'a:1', platforms, builder: 'docker' }, context)).toMatchObject([{ level: 'error', code: 'DOCKER_BUILDER_UNSUITABLE' }]);
  vi.stubEnv('PATH', `${path}/none`);
  expect(await build.verify?.({ tag: 'a:1', platforms }, context)).toMatchObject([{ level: 'error', code: 'DOCKER_BUILDER_MISSING' }]);
});
