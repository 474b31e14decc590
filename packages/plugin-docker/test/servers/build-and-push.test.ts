import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realDocker, type RealDocker } from '@relpipe/testing/real-docker';
import { needing } from '@relpipe/testing/real-servers';
import { probeOf, rollbackOf } from '@relpipe/testing/step-verbs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { build } from '../../src/build/build.ts';
import { push, type Pushed, type PushState } from '../../src/push/push.ts';
import { verify } from '../../src/verify/verify.ts';

const rollback = rollbackOf(push);
const probe = probeOf(push);

const engine = needing('docker-engine', 'docker-registry', 'busybox');
const buildah = needing('docker-engine', 'docker-registry', 'busybox', 'buildah');

/** buildah keeps its images in a folder of the test. */
function useBuildah({ folder }: RealDocker): void {
  writeFileSync(join(folder, 'storage.conf'), `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/graph"\nrunroot = "${folder}/run"\n`);
  vi.stubEnv('CONTAINERS_STORAGE_CONF', join(folder, 'storage.conf'));
}

const digestIn = async ({ registry }: RealDocker, name: string, tag: string): Promise<string | null> => {
  const accept = 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.index.v1+json';
  const answer = await fetch(`http://${registry}/v2/${name}/manifests/${tag}`, { method: 'HEAD', headers: { accept } });
  return answer.headers.get('docker-content-digest');
};

async function buildOne(given: RealDocker, tag: string, ...more: readonly string[]) {
  given.writeImage(...more);
  onTestFinished(async () => { await given.docker('image', 'rm', '--force', tag).catch(() => undefined); });
  return build.run({ tag, labels: { version: '1.4.0' }, args: { NAME: 'a value' } }, given.context());
}

test('an image for one platform is built into the engine, and pushed from there once', engine, async () => {
  const given = realDocker();
  const [name, image] = [`t-${given.id}`, `${given.registry}/t-${given.id}:1.4.0`];
  const done = await buildOne(given, image, 'ARG NAME', 'LABEL name=$NAME');
  expect(done).toMatchObject({ image, platforms: ['linux/amd64'], labels: { version: '1.4.0', name: 'a value' } });
  expect(done.source).toBe(`docker-daemon:${done.digest}`);

  const first = given.context<PushState, Pushed>();
  const pushed = await push.run({ image, source: done.source }, first);
  expect(pushed).toEqual({ image: `${given.registry}/${name}@${pushed.digest}`, digest: await digestIn(given, name, '1.4.0'), previous: null, pushed: true });
  expect(first.states).toEqual([{ digest: null, previous: null, isNewImage: true, id: done.digest }]);

  expect(await push.run({ image, source: done.source }, given.context<PushState, Pushed>())).toEqual({ ...pushed, previous: pushed.digest, pushed: false });
  expect(await probe({ image, source: done.source }, given.context<PushState, Pushed>({ saved: first.states[0] }))).toMatchObject({ found: 'done', output: pushed });
  expect(await verify.run({ image, digest: pushed.digest, labels: { version: '1.4.0' } }, given.context())).toMatchObject({ digest: pushed.digest });
});

test('the rollback of a push moves the tag back, also twice, and leaves an image of somebody else alone', engine, async () => {
  const given = realDocker();
  const [name, image] = [`t-${given.id}`, `${given.registry}/t-${given.id}:1.4.0`];
  const old = await buildOne(given, image, 'LABEL which=old');
  const previous = await push.run({ image, source: old.source }, given.context<PushState, Pushed>());
  const fresh = await buildOne(given, image, 'LABEL which=new');
  const run = given.context<PushState, Pushed>();
  const pushed = await push.run({ image, source: fresh.source }, run);
  expect(pushed).toMatchObject({ previous: previous.digest, pushed: true });

  const saved = run.states[0];
  // As after a crash between the push and its record: without an output.
  await rollback({ image, source: fresh.source }, given.context<PushState, Pushed>({ saved }));
  expect(await digestIn(given, name, '1.4.0')).toBe(previous.digest);
  await rollback({ image, source: fresh.source }, given.context<PushState, Pushed>({ saved, output: pushed }));
  expect(await probe({ image, source: fresh.source }, given.context<PushState, Pushed>({ saved }))).toEqual({ found: 'not-done' });

  const other = await buildOne(given, image, 'LABEL which=other');
  await push.run({ image, source: other.source }, given.context<PushState, Pushed>());
  expect(await probe({ image, source: fresh.source }, given.context<PushState, Pushed>({ saved }))).toMatchObject({ found: 'conflict' });
  await expect(rollback({ image, source: fresh.source }, given.context<PushState, Pushed>({ saved }))).rejects.toMatchObject({ code: 'DOCKER_TAG_MOVED', changedByOthers: true });
});

test('the rollback deletes a new tag together with its image when the registry cannot delete single tags, but not an image that existed before', engine, async () => {
  const given = realDocker();
  const [name, first] = [`t-${given.id}`, `${given.registry}/t-${given.id}:1.4.0`];
  const built = await buildOne(given, first, 'LABEL which=first');
  const run = given.context<PushState, Pushed>();
  const pushed = await push.run({ image: first, source: built.source }, run);

  const again = `${given.registry}/${name}:1.4.1`;
  onTestFinished(async () => { await given.docker('image', 'rm', '--force', again).catch(() => undefined); });
  const second = given.context<PushState, Pushed>();
  const repeated = await push.run({ image: again, source: built.source }, second);
  expect(second.states).toMatchObject([{ isNewImage: false }]);
  const rolledBack = rollback({ image: again, source: built.source }, given.context<PushState, Pushed>({ saved: second.states[0], output: repeated }));
  await expect(rolledBack).rejects.toMatchObject({ code: 'DOCKER_TAG_NOT_DELETED' });

  const other = `${given.registry}/${name}-other:1.4.0`;
  onTestFinished(async () => { await given.docker('image', 'rm', '--force', other).catch(() => undefined); });
  const third = given.context<PushState, Pushed>();
  const elsewhere = await push.run({ image: other, source: built.source }, third);
  await rollback({ image: other, source: built.source }, given.context<PushState, Pushed>({ saved: third.states[0], output: elsewhere }));
  expect(await digestIn(given, `${name}-other`, '1.4.0')).toBeNull();
  expect(await digestIn(given, name, '1.4.0')).toBe(pushed.digest);
});

test('an image for two platforms is pushed as one index with the digest that was built, and can be verified and rolled back', buildah, async () => {
  const given = realDocker();
  useBuildah(given);
  given.writeImage();
  const [name, image] = [`t-${given.id}`, `${given.registry}/t-${given.id}:1.4.0`];
  const platforms = ['linux/amd64', 'linux/arm64'];
  const done = await build.run({ tag: image, platforms, labels: { version: '1.4.0' } }, given.context());
  expect(done.platforms.toSorted()).toEqual(platforms);
  expect(done.source).toMatch(/^oci:\.relpipe\/images\//);

  const run = given.context<PushState, Pushed>();
  const pushed = await push.run({ image, source: done.source }, run);
  expect(pushed).toMatchObject({ digest: done.digest, previous: null, pushed: true });
  expect(run.states).toEqual([{ digest: done.digest, previous: null, isNewImage: true, id: null }]);
  const asked = { image, digest: done.digest, platforms, labels: { version: '1.4.0' } };
  expect((await verify.run(asked, given.context())).platforms.toSorted()).toEqual(platforms);
  expect(await given.docker('pull', '--quiet', pushed.image)).toContain(name);
  await given.docker('image', 'rm', pushed.image);

  expect(await push.run({ image, source: done.source }, given.context<PushState, Pushed>())).toMatchObject({ pushed: false });
  // This registry cannot delete single tags; the image was new, so it goes with its tag.
  await rollback({ image, source: done.source }, given.context<PushState, Pushed>({ saved: run.states[0], output: pushed }));
  expect(await digestIn(given, name, '1.4.0')).toBeNull();
  await rollback({ image, source: done.source }, given.context<PushState, Pushed>({ saved: run.states[0], output: pushed }));
});

test('a second build of the same image leaves one layout with one image for each platform', buildah, async () => {
  const given = realDocker();
  useBuildah(given);
  given.writeImage();
  const config = { tag: `${given.registry}/t-${given.id}:1`, platforms: ['linux/arm64'], builder: 'buildah' as const };
  const [first, second] = [await build.run(config, given.context()), await build.run(config, given.context())];
  expect(second.source).toBe(first.source);
  expect([first.platforms, second.platforms]).toEqual([['linux/arm64'], ['linux/arm64']]);
  expect(readdirSync(join(given.folder, '.relpipe/images'))).toHaveLength(1);
});

test('a Dockerfile that does not build fails with the last words of the builder', engine, async () => {
  const given = realDocker();
  given.writeImage('COPY not-there /');
  await expect(build.run({ tag: `t-${given.id}:1` }, given.context())).rejects.toMatchObject({ code: 'DOCKER_COMMAND_FAILED', message: expect.stringContaining('not-there') as unknown });
});

test('before the run, a missing Dockerfile is an error, and a missing image or engine is a warning', engine, async () => {
  const given = realDocker();
  expect(await build.verify?.({ tag: 't:1' }, given.context())).toMatchObject([{ level: 'error', code: 'DOCKER_FILE_MISSING' }]);
  given.writeImage();
  expect(await build.verify?.({ tag: 't:1' }, given.context())).toEqual([]);
  expect(await push.verify?.({ image: `${given.registry}/t-${given.id}:1` }, given.context())).toMatchObject([{ level: 'warning', code: 'DOCKER_SOURCE_MISSING' }]);
  vi.stubEnv('DOCKER_HOST', `unix://${given.folder}/none.sock`);
  expect(await build.verify?.({ tag: 't:1' }, given.context())).toMatchObject([{ level: 'warning', code: 'DOCKER_ENGINE_UNREACHABLE' }]);
});
