import { serve } from '@relpipe/testing/http-server';
import { containing } from '@relpipe/testing/matchers';
import { secretOf, virtualContext } from '@relpipe/testing/step-context';
import { probeOf, rollbackOf } from '@relpipe/testing/step-verbs';
import { beforeEach, describe, expect, test } from 'vitest';
import { promote, type Promoted } from '../../src/promote/promote.ts';
import type { TagChange } from '../../src/tag/tag-change.ts';
import { ociIndex, ociManifest, startRegistry, type Registry } from '../support/start-registry.ts';

// Odd spacing: parsing the manifest and writing it again would change its digest.
const image = (name: string, mediaType = ociManifest) => `{ "mediaType":"${mediaType}",\n  "name": "${name}" }\n`;
const config = (registry: Registry, from = '1.4.0', to = 'latest') => ({
  from: `${registry.url}/acme/engine${from.includes(':') ? '@' : ':'}${from}`,
  to: `${registry.url}/acme/engine:${to}`,
});
const change = (digest: string, previous: string | null): TagChange => ({ digest, previous, isNewImage: false });
const context = (given: Partial<{ saved: TagChange; output: Promoted; overwrite: boolean }> = {}) =>
  virtualContext<TagChange, Promoted>(given);
const rollback = (given: ReturnType<typeof config>, saved?: TagChange) => rollbackOf(promote)(given, context(saved && { saved }));
const probe = (given: ReturnType<typeof config>, saved?: TagChange) => probeOf(promote)(given, context(saved && { saved }));

describe('a promotion', () => {
  test.each([ociManifest, ociIndex])('a promotion moves the tag to the same bytes of type %s', async (mediaType) => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new', mediaType), mediaType, '1.4.0');
    const previous = registry.push(image('old'), ociManifest, 'latest', '1.3.0');
    expect(await promote.run(config(registry), context())).toMatchObject({ digest, previous, uploaded: 0 });
    expect(Object.fromEntries(registry.tags)).toEqual({ '1.4.0': digest, '1.3.0': previous, latest: digest });
  });

  test('a promotion takes a digest as well as a tag, and a new tag has no previous digest', async () => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest);
    expect(await promote.run(config(registry, digest, 'stable'), context())).toMatchObject({ digest, previous: null });
    expect(registry.tags.get('stable')).toBe(digest);
  });

  test('a promotion saves what the tag points at before it moves it', async () => {
    const log: string[] = [];
    await using registry = await startRegistry({ before: (line) => void log.push(line) });
    const digest = registry.push(image('new'), ociManifest, '1.4.0');
    const previous = registry.push(image('old'), ociManifest, 'latest');
    const saving = virtualContext<TagChange, Promoted>({
      saveState: async (state) => void log.push(`save ${JSON.stringify(state)}`),
    });
    await promote.run(config(registry), saving);
    expect(log).toEqual([
      'GET 1.4.0',
      'GET latest',
      `save ${JSON.stringify({ digest, previous, isNewImage: false })}`,
      'PUT latest',
      'GET latest',
    ]);
  });

  test('a second attempt does not take the work of the first one for the previous state', async () => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest, '1.4.0', 'latest');
    const previous = registry.push(image('old'), ociManifest);
    const again = context({ saved: change(digest, previous) });
    expect(await promote.run(config(registry), again)).toMatchObject({ digest, previous });
    expect(again.states).toEqual([change(digest, previous)]);
  });

  test('a second attempt promotes the image of the first one, also when `from` has moved', async () => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest);
    registry.push(image('newer'), ociManifest, '1.4.0');
    await promote.run(config(registry), context({ saved: change(digest, null) }));
    expect(registry.tags.get('latest')).toBe(digest);
  });

  test('promoting an image that does not exist fails, and nothing is saved', async () => {
    await using registry = await startRegistry();
    const run = context();
    await expect(promote.run(config(registry), run)).rejects.toMatchObject({
      code: 'DOCKER_SOURCE_MISSING',
      retryable: false,
    });
    expect(run.states).toEqual([]);
  });

  test('a promotion fails when the registry keeps other bytes', async () => {
    await using registry = await startRegistry({
      before(line, registry) {
        if (line === 'GET latest' && registry.tags.has('latest')) registry.push(image('other'), ociManifest, 'latest');
        return undefined;
      },
    });
    registry.push(image('new'), ociManifest, '1.4.0');
    await expect(promote.run(config(registry), context())).rejects.toMatchObject({ code: 'DOCKER_DIGEST_CHANGED' });
  });

  test.each([
    [500, true],
    [503, true],
    [429, true],
    [403, false],
    [501, false],
  ])('a promotion that is answered with %i is retryable: %s', async (status, retryable) => {
    await using registry = await startRegistry({ before: (line) => (line.startsWith('PUT') ? status : undefined) });
    registry.push(image('new'), ociManifest, '1.4.0');
    await expect(promote.run(config(registry), context())).rejects.toMatchObject({
      code: 'DOCKER_REGISTRY_REFUSED',
      message: containing(`refused to write acme/engine:latest (${status}: UNKNOWN unknown)`),
      retryable,
    });
  });

  test.each([
    ['sha256', '0'.repeat(64)],
    ['sha512', '0'.repeat(128)],
  ])('bytes that do not match their %s are not promoted', async (algorithm, hex) => {
    await using server = await serve((_, response) => {
      response.setHeader('docker-content-digest', `${algorithm}:${hex}`);
      return response.setHeader('content-type', ociManifest).end(image('changed on the way'));
    });
    const given = { from: `${server.url}/acme/engine:1.4.0`, to: `${server.url}/acme/engine:latest` };
    await expect(promote.run(given, context())).rejects.toMatchObject({ code: 'DOCKER_DIGEST_CHANGED' });
  });

  test('a manifest of an unknown type is not promoted', async () => {
    await using registry = await startRegistry();
    // Part of a type that is accepted, so that the registry serves it.
    registry.push('{}', 'application/vnd.oci.image.manifest.v1', '1.4.0');
    await expect(promote.run(config(registry), context())).rejects.toMatchObject({ code: 'DOCKER_MANIFEST_UNSUPPORTED' });
  });
});

describe('logging in', () => {
  const login = ({ url }: Registry, password = 's3cret') => ({
    logins: { [new URL(url).host]: { username: 'robot', password: secretOf(password) } },
  });

  test.each(['basic', 'bearer'] as const)('a promotion logs in with its password to a registry that asks for %s', async (scheme) => {
    await using registry = await startRegistry({ login: scheme });
    const digest = registry.push(image('new'), ociManifest, '1.4.0');
    expect(await promote.run({ ...config(registry), ...login(registry) }, context())).toMatchObject({ digest, previous: null });
    expect(registry.tags.get('latest')).toBe(digest);
  });

  test('a promotion fetches one token for reading and another one for writing', async () => {
    await using registry = await startRegistry({ login: 'bearer' });
    registry.push(image('new'), ociManifest, '1.4.0');
    await promote.run({ ...config(registry), ...login(registry) }, context());
    const tokens = registry.log
      .filter((line) => line.includes('/token'))
      .map((line) => new URLSearchParams(line.split('?')[1]).get('scope'));
    expect(tokens.slice(0, 2)).toEqual(['repository:acme/engine:pull', 'repository:acme/engine:pull,push']);
  });

  test.each(['basic', 'bearer'] as const)(
    'a promotion without a password is refused by %s, with the hint to log in',
    async (scheme) => {
      await using registry = await startRegistry({ login: scheme });
      await expect(promote.run(config(registry), context())).rejects.toMatchObject({
        code: 'DOCKER_REGISTRY_REFUSED',
        hint: containing('`docker login`'),
        retryable: false,
      });
    },
  );

  test('a wrong password fails the promotion, and is shown nowhere', async () => {
    await using registry = await startRegistry({ login: 'bearer' });
    const run = promote.run({ ...config(registry), ...login(registry, 'wr0ng') }, context());
    await expect(run).rejects.toMatchObject({
      message: containing('returned no token for repository:acme/engine:pull (401'),
    });
    await expect(run).rejects.toMatchObject({ message: expect.not.stringContaining('wr0ng') as unknown });
  });
});

describe('the rollback', () => {
  let before: { registry: Registry; digest: string; previous: string };
  beforeEach(async () => {
    const registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest, '1.4.0', 'latest');
    before = { registry, digest, previous: registry.push(image('old'), ociManifest) };
    return () => registry[Symbol.asyncDispose]();
  });

  test('the rollback moves the tag back to its previous digest, and changes nothing the second time', async () => {
    const { registry, digest, previous } = before;
    await rollback(config(registry), change(digest, previous));
    expect(registry.tags.get('latest')).toBe(previous);
    const count = registry.log.length;
    await rollback(config(registry), change(digest, previous));
    expect(registry.log.slice(count)).toEqual(['GET latest']);
  });

  test('the rollback does nothing when nothing was saved', async () => {
    await rollback(config(before.registry));
    expect(before.registry.log).toEqual([]);
  });

  test('the rollback does nothing when the tag never moved', async () => {
    const { registry, digest, previous } = before;
    registry.tags.set('latest', previous);
    await rollback(config(registry), change(digest, previous));
    expect(registry.log).toEqual(['GET latest']);
  });

  test('the rollback leaves a tag alone that somebody else has moved since', async () => {
    const { registry, digest, previous } = before;
    const other = registry.push(image('other'), ociManifest, 'latest');
    await expect(rollback(config(registry), change(digest, previous))).rejects.toMatchObject({
      code: 'DOCKER_TAG_MOVED',
      message: containing(other),
      changedByOthers: true,
    });
    expect(registry.tags.get('latest')).toBe(other);
  });

  test.each([
    ['another image', 'other'],
    ['nothing', undefined],
  ])('the rollback moves a tag back that somebody else has pointed at %s when a person has decided so, and says what it pointed at', async (_, theirs) => {
    const { registry, digest, previous } = before;
    const other = theirs === undefined ? undefined : registry.push(image(theirs), ociManifest, 'latest');
    if (other === undefined) registry.tags.delete('latest');
    const decided = context({ saved: change(digest, previous), overwrite: true });
    await rollbackOf(promote)(config(registry), decided);
    expect(registry.tags.get('latest')).toBe(previous);
    expect(decided.lines).toEqual([containing(`pointed at ${other ?? 'nothing'}`)]);
  });

  test('the rollback deletes a new tag that somebody else has moved when a person has decided so', async () => {
    const { registry, digest } = before;
    registry.push(image('other'), ociManifest, 'latest');
    await rollbackOf(promote)(config(registry), context({ saved: change(digest, null), overwrite: true }));
    expect(registry.tags.has('latest')).toBe(false);
  });

  test('the rollback has nothing to do where somebody else has already deleted the new tag', async () => {
    const { registry, digest } = before;
    registry.tags.delete('latest');
    await rollback(config(registry), change(digest, null));
    expect(registry.log).toEqual(['GET latest']);
  });

  test('the rollback fails when the previous image is gone, and says which one to push again', async () => {
    const { registry, digest } = before;
    const gone = `sha256:${'0'.repeat(64)}`;
    await expect(rollback(config(registry), change(digest, gone))).rejects.toMatchObject({
      code: 'DOCKER_PREVIOUS_IMAGE_MISSING',
      hint: containing('Push that image again'),
    });
    expect(registry.tags.get('latest')).toBe(digest);
  });

  test('the rollback deletes a new tag, but not its image', async () => {
    const { registry, digest } = before;
    await rollback(config(registry), change(digest, null));
    expect(Object.fromEntries(registry.tags)).toEqual({ '1.4.0': digest });
    expect(registry.log).toEqual(['GET latest', 'DELETE latest', 'GET latest']);
  });
});

test('the rollback names the tag to delete when the registry cannot delete tags', async () => {
  await using registry = await startRegistry({ deletesTags: false });
  const digest = registry.push(image('new'), ociManifest, '1.4.0', 'latest');
  await expect(rollback(config(registry), change(digest, null))).rejects.toMatchObject({
    code: 'DOCKER_TAG_NOT_DELETED',
    message: containing('405: UNSUPPORTED'),
    hint: containing(
      `Delete the tag acme/engine:latest in the registry's own interface, but not the digest it points at (${digest})`,
    ),
  });
});

test('the image of somebody else is not deleted with a new tag, also when a person has decided to overwrite', async () => {
  await using registry = await startRegistry({ deletesTags: false });
  const digest = registry.push(image('new'), ociManifest, '1.4.0');
  const other = registry.push(image('other'), ociManifest, 'latest');
  const decided = context({ saved: { ...change(digest, null), isNewImage: true }, overwrite: true });
  await expect(rollbackOf(promote)(config(registry), decided)).rejects.toMatchObject({
    code: 'DOCKER_TAG_NOT_DELETED',
    hint: containing(`not the digest it points at (${other})`),
  });
  expect(registry.log.filter((line) => line.startsWith('DELETE'))).toEqual(['DELETE latest']);
});

test('the rollback is retryable when the registry is down while a tag is deleted', async () => {
  await using registry = await startRegistry({ before: (line) => (line.startsWith('DELETE') ? 503 : undefined) });
  const digest = registry.push(image('new'), ociManifest, 'latest');
  await expect(rollback(config(registry), change(digest, null))).rejects.toMatchObject({ retryable: true });
});

describe('after a crash', () => {
  test.each([
    ['not done when nothing was saved', false, 'old', { found: 'not-done' }],
    ['not done when the tag did not move', true, 'old', { found: 'not-done' }],
    ['done when the tag has moved', true, 'new', { found: 'done' }],
    ['in conflict when somebody else moved the tag', true, 'other', { found: 'conflict' }],
  ])('after a crash, a promotion is %s', async (_, isSaved, latest, expected) => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest, '1.4.0');
    const previous = registry.push(image('old'), ociManifest);
    registry.push(image(latest), ociManifest, 'latest');
    const found = await probe(config(registry), isSaved ? change(digest, previous) : undefined);
    expect(found).toMatchObject(expected.found === 'done' ? { ...expected, output: { digest, previous } } : expected);
  });

  test('after a crash, a tag that already pointed at the image counts as its own previous state', async () => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest, '1.4.0', 'latest');
    expect(await probe(config(registry))).toMatchObject({ found: 'done', output: { digest, previous: digest } });
  });

  test('after a crash, the outcome is unknown when the image is gone', async () => {
    await using registry = await startRegistry();
    expect(await probe(config(registry))).toMatchObject({ found: 'unknown' });
  });
});

describe('before the run', () => {
  const verify = (given: Parameters<NonNullable<typeof promote.verify>>[0]) =>
    promote.verify?.(given, virtualContext());

  test('an image that exists has no findings, and the preview shows the digests before and after', async () => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest, '1.4.0');
    const previous = registry.push(image('old'), ociManifest, 'latest');
    expect(await verify(config(registry))).toEqual([]);
    expect(await promote.preview?.(config(registry), virtualContext())).toEqual({
      change: `point ${registry.url}/acme/engine:latest at ${registry.url}/acme/engine:1.4.0`,
      from: previous,
      to: digest,
      rollback: `moves the tag back to ${previous}`,
    });
    expect(registry.log.filter((line) => !line.startsWith('GET'))).toEqual([]);
  });

  test('before the run, a missing image is an error at `from`', async () => {
    await using registry = await startRegistry();
    expect(await verify(config(registry))).toMatchObject([
      { level: 'error', code: 'DOCKER_SOURCE_MISSING', at: ['from'] },
    ]);
  });

  test('before the run, a registry that does not answer is a warning', async () => {
    const registry = await startRegistry();
    await registry[Symbol.asyncDispose]();
    expect(await verify(config(registry))).toMatchObject([{ level: 'warning', code: 'DOCKER_REGISTRY_UNREACHABLE' }]);
  });

  test('before the run, a value that is only known later is not checked, and the preview names it', async () => {
    await using registry = await startRegistry();
    const later = { ...config(registry), from: { $later: 'steps.build.outputs.digest' } };
    expect(await verify(later)).toMatchObject([{ level: 'warning', code: 'DOCKER_NOT_CHECKED' }]);
    expect(await promote.preview?.(later, virtualContext())).toMatchObject({
      change: `point ${registry.url}/acme/engine:latest at (steps.build.outputs.digest)`,
      unknownUntilRun: ['from'],
    });
  });
});
