import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realDocker, type RealDocker } from '@relpipe/testing/real-docker';
import { needing, programOf } from '@relpipe/testing/real-servers';
import { secretOf } from '@relpipe/testing/step-context';
import { probeOf, rollbackOf } from '@relpipe/testing/step-verbs';
import { waitUntil } from '@relpipe/testing/wait-until';
import { expect, onTestFinished, test, vi } from 'vitest';
import { build } from '../../src/build/build.ts';
import { promote, type Promoted } from '../../src/promote/promote.ts';
import { push, type Pushed, type PushState } from '../../src/push/push.ts';
import type { TagChange } from '../../src/tag/tag-change.ts';
import { verify } from '../../src/verify/verify.ts';

const rollback = rollbackOf(promote);
const probe = probeOf(promote);

const needed = needing('docker-engine', 'docker-registry', 'busybox', 'buildah');
const index = 'application/vnd.oci.image.index.v1+json';
const image = 'application/vnd.oci.image.manifest.v1+json';

/** An index of two platforms, in the shared registry. */
async function pushIndex(given: RealDocker, name: string, which = given.id): Promise<Pushed> {
  writeFileSync(join(given.folder, 'storage.conf'), `[storage]\ndriver = "vfs"\ngraphroot = "${given.folder}/graph"\nrunroot = "${given.folder}/run"\n`);
  vi.stubEnv('CONTAINERS_STORAGE_CONF', join(given.folder, 'storage.conf'));
  given.writeImage(`LABEL which=${which}`);
  const { source } = await build.run({ tag: name, platforms: ['linux/amd64', 'linux/arm64'] }, given.context());
  return push.run({ image: name, source }, given.context<PushState, Pushed>());
}

const read = async (registry: string, name: string, reference: string): Promise<{ readonly digest: string | null; readonly bytes: string }> => {
  const answer = await fetch(`http://${registry}/v2/${name}/manifests/${reference}`, { headers: { accept: `${index}, ${image}` } });
  return { digest: answer.headers.get('docker-content-digest'), bytes: await answer.text() };
};

/** A signature as cosign and others push it to a registry without the referrers API: an artifact, and the tag that lists it. */
async function sign(registry: string, name: string, subject: Pushed): Promise<string> {
  const empty = { mediaType: 'application/vnd.oci.empty.v1+json', digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', size: 2 };
  const started = await fetch(`http://${registry}/v2/${name}/blobs/uploads/`, { method: 'POST' });
  await fetch(`${started.headers.get('location') ?? ''}&digest=${empty.digest}`, { method: 'PUT', body: '{}', headers: { 'content-type': 'application/octet-stream' } });
  const { bytes } = await read(registry, name, subject.digest);
  const written = JSON.stringify({ schemaVersion: 2, mediaType: image, config: empty, layers: [empty], subject: { mediaType: index, digest: subject.digest, size: bytes.length } });
  const put = async (reference: string, body: string, type: string): Promise<string> =>
    (await fetch(`http://${registry}/v2/${name}/manifests/${reference}`, { method: 'PUT', body, headers: { 'content-type': type } })).headers.get('docker-content-digest') ?? '';
  const digest = await put('signature', written, image);
  await put(subject.digest.replace(':', '-'), JSON.stringify({ schemaVersion: 2, mediaType: index, manifests: [{ mediaType: image, digest, size: written.length }] }), index);
  return digest;
}

/** A registry of this test, with a password. */
async function startRegistry(folder: string): Promise<string> {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const host = `127.0.0.1:${(free.address() as AddressInfo).port}`;
  await new Promise((resolve) => free.close(resolve));
  // Of the password `loopback-only`.
  writeFileSync(join(folder, 'htpasswd'), 'robot:$2b$05$Up4qz5iAjPDNCzNMkxUWJuhplfD74E6y2YRd.MaanPHKh6PL6ozci\n');
  writeFileSync(
    join(folder, 'registry.yml'),
    `version: 0.1\nstorage: { filesystem: { rootdirectory: "${folder}/registry" }, delete: { enabled: true } }\nhttp: { addr: "${host}" }\nauth: { htpasswd: { realm: test, path: "${folder}/htpasswd" } }\n`,
  );
  const child = spawn(programOf('docker-registry'), ['serve', join(folder, 'registry.yml')], { stdio: 'ignore' });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  await waitUntil(async () => (await fetch(`http://${host}/v2/`)).status === 401);
  return host;
}

test('a further tag gets the same digest without moving a byte of a layer, is found by the probe, and cannot be deleted alone', needed, async () => {
  const given = realDocker();
  const at = `${given.registry}/t-${given.id}`;
  const pushed = await pushIndex(given, `${at}:1.4.0`);
  const config = { from: pushed.image, to: `${at}:stable` };
  const run = given.context<TagChange, Promoted>();
  expect(await promote.run(config, run)).toEqual({ image: pushed.image, digest: pushed.digest, previous: null, uploaded: 0, referrers: 0 });
  expect(await read(given.registry, `t-${given.id}`, 'stable')).toEqual(await read(given.registry, `t-${given.id}`, '1.4.0'));
  expect(await probe(config, given.context<TagChange, Promoted>({ saved: run.states[0] }))).toMatchObject({ found: 'done' });
  // This registry cannot delete single tags, and the image was there before: the error says what is left to do.
  await expect(rollback(config, given.context<TagChange, Promoted>({ saved: run.states[0] }))).rejects.toMatchObject({ code: 'DOCKER_TAG_NOT_DELETED' });
  expect((await read(given.registry, `t-${given.id}`, '1.4.0')).digest).toBe(pushed.digest);
});

test('the rollback moves the tag back to the previous digest', needed, async () => {
  const given = realDocker();
  const at = `${given.registry}/t-${given.id}`;
  const old = await pushIndex(given, `${at}:stable`);
  const fresh = await pushIndex(given, `${at}:1.5.0`, 'fresh');
  expect(fresh.digest).not.toBe(old.digest);
  const run = given.context<TagChange, Promoted>();
  const config = { from: fresh.image, to: `${at}:stable` };
  expect(await promote.run(config, run)).toMatchObject({ digest: fresh.digest, previous: old.digest });
  for (let time = 0; time < 2; time += 1) await rollback(config, given.context<TagChange, Promoted>({ saved: run.states[0] }));
  expect((await read(given.registry, `t-${given.id}`, 'stable')).digest).toBe(old.digest);
});

test('a promotion into another repository mounts the blobs and copies the signature', needed, async () => {
  const given = realDocker();
  const name = `t-${given.id}`;
  const pushed = await pushIndex(given, `${given.registry}/${name}:1.4.0`);
  const signature = await sign(given.registry, name, pushed);
  const to = `${given.registry}/prod/${name}:stable`;
  const run = given.context<TagChange, Promoted>();
  expect(await promote.run({ from: pushed.image, to }, run)).toMatchObject({ digest: pushed.digest, uploaded: 0, referrers: 1 });
  expect((await read(given.registry, `prod/${name}`, pushed.digest.replace(':', '-'))).bytes).toContain(signature);
  expect((await read(given.registry, `prod/${name}`, signature)).digest).toBe(signature);
  expect(await verify.run({ image: to, digest: pushed.digest, platforms: ['linux/arm64'] }, given.context())).toMatchObject({ digest: pushed.digest });
  await rollback({ from: pushed.image, to }, given.context<TagChange, Promoted>({ saved: run.states[0] }));
  expect((await read(given.registry, `prod/${name}`, 'stable')).digest).toBeNull();
  expect((await read(given.registry, name, '1.4.0')).digest).toBe(pushed.digest);
});

test('a promotion into another registry with a password copies every byte, once', needed, async () => {
  const given = realDocker();
  const name = `t-${given.id}`;
  const pushed = await pushIndex(given, `${given.registry}/${name}:1.4.0`);
  const host = await startRegistry(given.folder);
  const to = `${host}/${name}:stable`;
  const refused = promote.run({ from: pushed.image, to }, given.context<TagChange, Promoted>());
  await expect(refused).rejects.toMatchObject({ code: 'DOCKER_REGISTRY_REFUSED', hint: expect.stringContaining('docker login') as unknown });
  // As `docker login` writes it.
  const auth = Buffer.from('robot:loopback-only').toString('base64');
  writeFileSync(join(given.folder, '.docker/config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
  const done = await promote.run({ from: pushed.image, to }, given.context<TagChange, Promoted>());
  expect(done).toMatchObject({ digest: pushed.digest, previous: null });
  const { size } = await verify.run({ image: to, platforms: ['linux/amd64', 'linux/arm64'] }, given.context());
  expect(done.uploaded).toBe(size);
});

test('the docker CLI pushes with the login of the step, which is written to no file', needed, async () => {
  const given = realDocker();
  const host = await startRegistry(given.folder);
  const image = `${host}/t-${given.id}:1`;
  given.writeImage();
  const { source } = await build.run({ tag: image }, given.context());
  onTestFinished(async () => { await given.docker('image', 'rm', '--force', image); });
  await expect(push.run({ image, source }, given.context<PushState, Pushed>())).rejects.toMatchObject({ code: 'DOCKER_REGISTRY_REFUSED' });
  const logins = { [host]: { username: 'robot', password: secretOf('loopback-only') } };
  expect(await push.run({ image, source, logins }, given.context<PushState, Pushed>())).toMatchObject({ pushed: true });
});
