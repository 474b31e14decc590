import { secretOf, virtualContext } from '@relpipe/testing/step-context';
import { rollbackOf } from '@relpipe/testing/step-verbs';
import { describe, expect, test } from 'vitest';
import { promote, type Promoted } from '../../src/promote/promote.ts';
import type { TagChange } from '../../src/tag/tag-change.ts';
import { ociIndex, ociManifest, startRegistry, type Registry, type StoredRepository } from '../support/start-registry.ts';

interface Pushed {
  readonly index: string;
  readonly signature: string;
}

/** An index of two images that share a layer, and a signature that refers to it. */
function pushSigned(repository: StoredRepository, tag: string): Pushed {
  const layer = repository.pushBlob('the layer of both');
  const empty = repository.pushBlob('{}');
  const pushManifest = (body: object) => repository.push(JSON.stringify({ schemaVersion: 2, mediaType: ociManifest, ...body }), ociManifest);
  const images = ['amd64', 'arm64'].map((architecture) => {
    const config = repository.pushBlob(JSON.stringify({ architecture }));
    const digest = pushManifest({ config: { mediaType: 'config', ...config }, layers: [{ mediaType: 'layer', ...layer }] });
    return { mediaType: ociManifest, digest, size: 1, platform: { os: 'linux', architecture } };
  });
  const index = repository.push(JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests: images }), ociIndex, tag);
  const subject = { mediaType: ociIndex, digest: index, size: 1 };
  const signature = pushManifest({ artifactType: 'signature', config: { mediaType: 'empty', ...empty }, layers: [{ mediaType: 'note', ...repository.pushBlob('signed') }], subject });
  return { index, signature };
}

const fallbackTag = (digest: string): string => digest.replace(':', '-');

/** Registers the signature under the tag, as clients do for registries without the referrers API. */
function enter({ index, signature }: Pushed, repository: StoredRepository): void {
  repository.push(
    JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests: [{ mediaType: ociManifest, digest: signature, size: 1 }] }),
    ociIndex,
    fallbackTag(index),
  );
}

const ends = (from: Registry, to: Registry) => ({ from: `${from.url}/acme/engine:1.4.0`, to: `${to.url}/prod/engine:stable` });

describe('into another repository of a registry', () => {
  test('into another repository of a registry everything is mounted, and the index and its signature keep their digests', async () => {
    await using registry = await startRegistry({ referrers: true });
    const { index, signature } = pushSigned(registry.repository('acme/engine'), '1.4.0');
    const done = await promote.run(ends(registry, registry), virtualContext<TagChange>());
    const target = registry.repository('prod/engine');
    expect(done).toMatchObject({ digest: index, previous: null, uploaded: 0, referrers: 1 });
    expect(done.image).toBe(`${new URL(registry.url).host}/prod/engine@${index}`);
    expect(Object.fromEntries(target.tags)).toEqual({ stable: index });
    expect([...target.manifests.keys()]).toContain(signature);
    expect(target.blobs).toEqual(registry.repository('acme/engine').blobs);
    expect(registry.log.filter((line) => line.startsWith('PATCH'))).toEqual([]);
  });

  test('blobs are uploaded once into another repository when the registry does not mount them', async () => {
    await using registry = await startRegistry({ referrers: true, mounts: false });
    pushSigned(registry.repository('acme/engine'), '1.4.0');
    const done = await promote.run(ends(registry, registry), virtualContext<TagChange>());
    const { blobs } = registry.repository('acme/engine');
    expect(done.uploaded).toBe([...blobs.values()].reduce((sum, { length }) => sum + length, 0));
    expect(registry.log.filter((line) => line.startsWith('PATCH'))).toHaveLength(blobs.size);
  });

  test('the tag moves after everything else was copied', async () => {
    await using registry = await startRegistry();
    pushSigned(registry.repository('acme/engine'), '1.4.0');
    await promote.run(ends(registry, registry), virtualContext<TagChange>());
    const writes = registry.log.filter((line) => /^(PUT|POST|PATCH)/.test(line));
    expect(writes.at(-1)).toBe('PUT /v2/prod/engine/manifests/stable');
  });
});

describe('into another registry', () => {
  test('an image is copied into another registry with a password for each of them', async () => {
    await using from = await startRegistry({ login: 'bearer', referrers: true });
    await using to = await startRegistry({ login: 'basic', referrers: true });
    const { index, signature } = pushSigned(from.repository('acme/engine'), '1.4.0');
    const login = { username: 'robot', password: secretOf('s3cret') };
    const logins = { [new URL(from.url).host]: login, [new URL(to.url).host]: login };
    await promote.run({ ...ends(from, to), logins }, virtualContext<TagChange>());
    const target = to.repository('prod/engine');
    expect(target.tags.get('stable')).toBe(index);
    expect([...target.manifests.keys()]).toContain(signature);
    expect(target.blobs).toEqual(from.repository('acme/engine').blobs);
  });

  test('a copy that was interrupted continues without the blobs that exist already', async () => {
    await using from = await startRegistry();
    pushSigned(from.repository('acme/engine'), '1.4.0');
    let isDown = true;
    await using to = await startRegistry({ before: (line) => (isDown && line.startsWith('PUT /v2/prod/engine/manifests') ? 503 : undefined) });
    const first = virtualContext<TagChange>();
    await expect(promote.run(ends(from, to), first)).rejects.toMatchObject({ code: 'DOCKER_REGISTRY_REFUSED', retryable: true });
    isDown = false;
    const uploads = (): number => to.log.filter((line) => line.startsWith('PATCH')).length;
    const before = uploads();
    await promote.run(ends(from, to), virtualContext<TagChange>({ saved: first.states[0] }));
    expect(before).toBe(2);
    expect(uploads()).toBe(3); // A layer and two configs, each once.
  });

  test('an index of which an image is missing is refused, and no tag moves', async () => {
    await using from = await startRegistry();
    await using to = await startRegistry();
    const { index } = pushSigned(from.repository('acme/engine'), '1.4.0');
    const { manifests } = from.repository('acme/engine');
    manifests.delete([...manifests.keys()].find((digest) => digest !== index)!);
    await expect(promote.run(ends(from, to), virtualContext<TagChange>())).rejects.toMatchObject({ code: 'DOCKER_IMAGE_INCOMPLETE' });
    expect(to.repository('prod/engine').tags.size).toBe(0);
  });
});

describe('signatures', () => {
  test.each([
    ['the list of the registry', true, 'a tag', false],
    ['a tag', false, 'the list of the registry', true],
    ['a tag', false, 'a tag', false],
  ])('signatures that are listed in %s are entered into %s', async (_, fromLists, __, toLists) => {
    await using from = await startRegistry({ referrers: fromLists });
    await using to = await startRegistry({ referrers: toLists });
    const pushed = pushSigned(from.repository('acme/engine'), '1.4.0');
    if (!fromLists) enter(pushed, from.repository('acme/engine'));
    expect(await promote.run(ends(from, to), virtualContext<TagChange>())).toMatchObject({ referrers: 1 });
    const { manifests, tags } = to.repository('prod/engine');
    expect([...manifests.keys()]).toContain(pushed.signature);
    const listed = manifests.get(tags.get(fallbackTag(pushed.index)) ?? '')?.bytes.toString();
    if (toLists) expect(listed).toBeUndefined();
    else expect(listed).toContain(pushed.signature);
  });

  test('signatures that cosign keeps under its own tags are copied along', async () => {
    await using registry = await startRegistry();
    const source = registry.repository('acme/engine');
    const { index, signature } = pushSigned(source, '1.4.0');
    source.tags.set(`${fallbackTag(index)}.sig`, signature);
    expect(await promote.run(ends(registry, registry), virtualContext<TagChange>())).toMatchObject({ referrers: 1 });
    expect(registry.repository('prod/engine').tags.get(`${fallbackTag(index)}.sig`)).toBe(signature);
  });
});

test('a new tag that cannot be deleted alone stays when another tag needs its image, even if this run has added the image', async () => {
  await using registry = await startRegistry({ deletesTags: false });
  pushSigned(registry.repository('acme/engine'), '1.4.0');
  const run = virtualContext<TagChange, Promoted>();
  await promote.run(ends(registry, registry), run);
  expect(run.states).toMatchObject([{ isNewImage: true, previous: null }]);
  registry.repository('prod/engine').tags.set('other', run.states[0]!.digest!);
  await expect(rollbackOf(promote)(ends(registry, registry), virtualContext<TagChange, Promoted>({ saved: run.states[0] }))).rejects.toMatchObject({ code: 'DOCKER_TAG_NOT_DELETED' });
  expect(registry.log.filter((line) => line.startsWith('DELETE /v2/prod/engine/manifests/sha256'))).toEqual([]);
});
