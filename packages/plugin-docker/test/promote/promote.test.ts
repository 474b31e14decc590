import { beforeEach, describe, expect, test } from 'vitest';
import { isAutomatic } from 'relpipe/plugin';
import { containing } from '../../../../test/support/containing.ts';
import { serve } from '../../../../test/support/serve.ts';
import { secretOf, virtualContext } from '../../../../test/support/virtual-context.ts';
import type { Promoted } from '../../src/promote/promote-config.ts';
import { promote } from '../../src/promote/promote.ts';
import type { TagChange } from '../../src/tag/tag-change.ts';
import { ociIndex, ociManifest, startRegistry, type Registry } from '../support/start-registry.ts';

// Odd spacing: whoever parses a manifest and writes it again changes its digest.
const image = (name: string, mediaType = ociManifest) => `{ "mediaType":"${mediaType}",\n  "name": "${name}" }\n`;
const config = (registry: Registry, from = '1.4.0', to = 'latest') => ({
  from: `${registry.url}/acme/engine${from.includes(':') ? '@' : ':'}${from}`,
  to: `${registry.url}/acme/engine:${to}`,
});
const change = (digest: string, former: string | null): TagChange => ({ digest, former, brought: false });
const context = (given: Partial<{ saved: TagChange; output: Promoted }> = {}) =>
  virtualContext<TagChange, Promoted>(given);
const rollback = (given: ReturnType<typeof config>, saved?: TagChange) => {
  if (!isAutomatic(promote.rollback)) throw new Error('promote can be rolled back');
  return promote.rollback.run(given, context(saved && { saved }));
};
const probe = (given: ReturnType<typeof config>, saved?: TagChange) => {
  if (promote.onLost !== 'probe') throw new Error('promote can be probed');
  return promote.probe(given, context(saved && { saved }));
};

describe('a promotion', () => {
  test.each([ociManifest, ociIndex])('moves the tag to the same bytes of type %s', async (mediaType) => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new', mediaType), mediaType, '1.4.0');
    const former = registry.push(image('old'), ociManifest, 'latest', '1.3.0');
    expect(await promote.run(config(registry), context())).toMatchObject({ digest, former, uploaded: 0 });
    expect(Object.fromEntries(registry.tags)).toEqual({ '1.4.0': digest, '1.3.0': former, latest: digest });
  });

  test('takes a digest as well as a tag, and a new tag has no former digest', async () => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest);
    expect(await promote.run(config(registry, digest, 'stable'), context())).toMatchObject({ digest, former: null });
    expect(registry.tags.get('stable')).toBe(digest);
  });

  test('saves what the tag pointed at before it moves', async () => {
    const log: string[] = [];
    await using registry = await startRegistry({ before: (line) => void log.push(line) });
    const digest = registry.push(image('new'), ociManifest, '1.4.0');
    const former = registry.push(image('old'), ociManifest, 'latest');
    const saving = virtualContext<TagChange, Promoted>({
      saveState: async (state) => void log.push(`save ${JSON.stringify(state)}`),
    });
    await promote.run(config(registry), saving);
    expect(log).toEqual([
      'GET 1.4.0',
      'GET latest',
      `save ${JSON.stringify({ digest, former, brought: false })}`,
      'PUT latest',
      'GET latest',
    ]);
  });

  test('does not take its own work of an earlier attempt for the former state', async () => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest, '1.4.0', 'latest');
    const former = registry.push(image('old'), ociManifest);
    const again = context({ saved: change(digest, former) });
    expect(await promote.run(config(registry), again)).toMatchObject({ digest, former });
    expect(again.states).toEqual([change(digest, former)]);
  });

  test('promotes in a second attempt what the first one meant, also when `from` has moved', async () => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest);
    registry.push(image('newer'), ociManifest, '1.4.0');
    await promote.run(config(registry), context({ saved: change(digest, null) }));
    expect(registry.tags.get('latest')).toBe(digest);
  });

  test('of an image that is not there is an error, and nothing is saved', async () => {
    await using registry = await startRegistry();
    const run = context();
    await expect(promote.run(config(registry), run)).rejects.toMatchObject({
      code: 'DOCKER_SOURCE_MISSING',
      retryable: false,
    });
    expect(run.states).toEqual([]);
  });

  test('is not taken for done when the registry keeps other bytes', async () => {
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
  ])('that is answered %i can be tried again: %s', async (status, retryable) => {
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
  ])('of bytes that are not what their %s says is refused', async (algorithm, hex) => {
    await using server = await serve((_, response) => {
      response.setHeader('docker-content-digest', `${algorithm}:${hex}`);
      return response.setHeader('content-type', ociManifest).end(image('changed on the way'));
    });
    const given = { from: `${server.url}/acme/engine:1.4.0`, to: `${server.url}/acme/engine:latest` };
    await expect(promote.run(given, context())).rejects.toMatchObject({ code: 'DOCKER_DIGEST_CHANGED' });
  });

  test('of a manifest whose type is unknown is refused', async () => {
    await using registry = await startRegistry();
    // Part of a type that is accepted, so that the registry serves it.
    registry.push('{}', 'application/vnd.oci.image.manifest.v1', '1.4.0');
    await expect(promote.run(config(registry), context())).rejects.toMatchObject({ code: 'DOCKER_MANIFEST_UNKNOWN' });
  });
});

describe('logging in', () => {
  const login = ({ url }: Registry, password = 's3cret') => ({
    logins: { [new URL(url).host]: { username: 'robot', password: secretOf(password) } },
  });

  test.each(['basic', 'bearer'] as const)('with a password, as a registry with %s asks for it', async (scheme) => {
    await using registry = await startRegistry({ login: scheme });
    const digest = registry.push(image('new'), ociManifest, '1.4.0');
    expect(await promote.run({ ...config(registry), ...login(registry) }, context())).toMatchObject({ digest, former: null });
    expect(registry.tags.get('latest')).toBe(digest);
  });

  test('gets a token for reading and another one for writing', async () => {
    await using registry = await startRegistry({ login: 'bearer' });
    registry.push(image('new'), ociManifest, '1.4.0');
    await promote.run({ ...config(registry), ...login(registry) }, context());
    const tokens = registry.log
      .filter((line) => line.includes('/token'))
      .map((line) => new URLSearchParams(line.split('?')[1]).get('scope'));
    expect(tokens.slice(0, 2)).toEqual(['repository:acme/engine:pull', 'repository:acme/engine:pull,push']);
  });

  test.each(['basic', 'bearer'] as const)(
    'without a password is refused by %s, with the hint to give one',
    async (scheme) => {
      await using registry = await startRegistry({ login: scheme });
      await expect(promote.run(config(registry), context())).rejects.toMatchObject({
        code: 'DOCKER_REGISTRY_REFUSED',
        hint: containing('`docker login`'),
        retryable: false,
      });
    },
  );

  test('with a wrong password ends, and shows it nowhere', async () => {
    await using registry = await startRegistry({ login: 'bearer' });
    const run = promote.run({ ...config(registry), ...login(registry, 'wr0ng') }, context());
    await expect(run).rejects.toMatchObject({
      message: containing('gave no token for repository:acme/engine:pull (401'),
    });
    await expect(run).rejects.toMatchObject({ message: expect.not.stringContaining('wr0ng') as unknown });
  });
});

describe('undoing', () => {
  let before: { registry: Registry; digest: string; former: string };
  beforeEach(async () => {
    const registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest, '1.4.0', 'latest');
    before = { registry, digest, former: registry.push(image('old'), ociManifest) };
    return () => registry[Symbol.asyncDispose]();
  });

  test('puts the tag back on its former digest, and twice is once', async () => {
    const { registry, digest, former } = before;
    await rollback(config(registry), change(digest, former));
    expect(registry.tags.get('latest')).toBe(former);
    const count = registry.log.length;
    await rollback(config(registry), change(digest, former));
    expect(registry.log.slice(count)).toEqual(['GET latest']);
  });

  test('does nothing when nothing was saved', async () => {
    await rollback(config(before.registry));
    expect(before.registry.log).toEqual([]);
  });

  test('does nothing when the tag never moved', async () => {
    const { registry, digest, former } = before;
    registry.tags.set('latest', former);
    await rollback(config(registry), change(digest, former));
    expect(registry.log).toEqual(['GET latest']);
  });

  test('leaves a tag alone that somebody else has moved since', async () => {
    const { registry, digest, former } = before;
    const other = registry.push(image('other'), ociManifest, 'latest');
    await expect(rollback(config(registry), change(digest, former))).rejects.toMatchObject({
      code: 'DOCKER_TAG_MOVED',
      message: containing(other),
    });
    expect(registry.tags.get('latest')).toBe(other);
  });

  test('says so when the former image is gone', async () => {
    const { registry, digest } = before;
    const gone = `sha256:${'0'.repeat(64)}`;
    await expect(rollback(config(registry), change(digest, gone))).rejects.toMatchObject({
      code: 'DOCKER_FORMER_GONE',
      hint: containing('Push that image again'),
    });
    expect(registry.tags.get('latest')).toBe(digest);
  });

  test('deletes a tag that was new, and not the image', async () => {
    const { registry, digest } = before;
    await rollback(config(registry), change(digest, null));
    expect(Object.fromEntries(registry.tags)).toEqual({ '1.4.0': digest });
    expect(registry.log).toEqual(['GET latest', 'DELETE latest', 'GET latest']);
  });
});

test('a registry that deletes no tags leaves the exact thing to do', async () => {
  await using registry = await startRegistry({ deletesTags: false });
  const digest = registry.push(image('new'), ociManifest, '1.4.0', 'latest');
  await expect(rollback(config(registry), change(digest, null))).rejects.toMatchObject({
    code: 'DOCKER_TAG_STAYS',
    message: containing('405: UNSUPPORTED'),
    hint: containing(
      `Delete the tag acme/engine:latest in the registry's own interface, and not the digest it points at (${digest})`,
    ),
  });
});

test('a registry that is down while a tag is deleted can be asked again', async () => {
  await using registry = await startRegistry({ before: (line) => (line.startsWith('DELETE') ? 503 : undefined) });
  const digest = registry.push(image('new'), ociManifest, 'latest');
  await expect(rollback(config(registry), change(digest, null))).rejects.toMatchObject({ retryable: true });
});

describe('after a crash', () => {
  test.each([
    ['before anything was saved', false, 'old', { found: 'not-done' }],
    ['after saving', true, 'old', { found: 'not-done' }],
    ['after the tag moved', true, 'new', { found: 'done' }],
    ['and somebody else moved the tag', true, 'other', { found: 'conflict' }],
  ])('%s', async (_, isSaved, latest, expected) => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest, '1.4.0');
    const former = registry.push(image('old'), ociManifest);
    registry.push(image(latest), ociManifest, 'latest');
    const found = await probe(config(registry), isSaved ? change(digest, former) : undefined);
    expect(found).toMatchObject(expected.found === 'done' ? { ...expected, output: { digest, former } } : expected);
  });

  test('a tag that was there before the step counts as its own former state', async () => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest, '1.4.0', 'latest');
    expect(await probe(config(registry))).toMatchObject({ found: 'done', output: { digest, former: digest } });
  });

  test('nobody can tell when the image is gone', async () => {
    await using registry = await startRegistry();
    expect(await probe(config(registry))).toMatchObject({ found: 'unknown' });
  });
});

describe('before the run', () => {
  const verify = (given: Parameters<NonNullable<typeof promote.verify>>[0]) =>
    promote.verify?.(given, virtualContext());

  test('an image that is there has no findings, and the preview says from where to where', async () => {
    await using registry = await startRegistry();
    const digest = registry.push(image('new'), ociManifest, '1.4.0');
    const former = registry.push(image('old'), ociManifest, 'latest');
    expect(await verify(config(registry))).toEqual([]);
    expect(await promote.preview?.(config(registry), virtualContext())).toEqual({
      change: `point ${registry.url}/acme/engine:latest at ${registry.url}/acme/engine:1.4.0`,
      from: former,
      to: digest,
      rollback: `puts the tag back on ${former}`,
    });
    expect(registry.log.filter((line) => !line.startsWith('GET'))).toEqual([]);
  });

  test('a missing image is an error at `from`', async () => {
    await using registry = await startRegistry();
    expect(await verify(config(registry))).toMatchObject([
      { level: 'error', code: 'DOCKER_SOURCE_MISSING', at: ['from'] },
    ]);
  });

  test('a registry that does not answer could not be checked', async () => {
    const registry = await startRegistry();
    await registry[Symbol.asyncDispose]();
    expect(await verify(config(registry))).toMatchObject([{ level: 'warning', code: 'DOCKER_REGISTRY_UNREACHABLE' }]);
  });

  test('what is only known later is not checked, and named in the preview', async () => {
    await using registry = await startRegistry();
    const later = { ...config(registry), from: { $later: 'steps.build.outputs.digest' } };
    expect(await verify(later)).toMatchObject([{ level: 'warning', code: 'DOCKER_NOT_CHECKED' }]);
    expect(await promote.preview?.(later, virtualContext())).toMatchObject({
      change: `point ${registry.url}/acme/engine:latest at (steps.build.outputs.digest)`,
      unknownUntilRun: ['from'],
    });
  });
});
