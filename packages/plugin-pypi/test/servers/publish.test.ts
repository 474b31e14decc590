import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { givenServer, needing } from '@relpipe/testing/real-servers';
import { scratchFolder, sha256Of } from '@relpipe/testing/scratch-folder';
import { secretOf } from '@relpipe/testing/step-context';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { build } from '../../src/build/build.ts';
import { chooseRollback } from '../../src/choose-rollback/choose-rollback.ts';
import { publish, type PublishOutputs, type PublishState } from '../../src/publish/publish.ts';
import { wait } from '../../src/wait/wait.ts';
import { realContext, removedAfterwards } from '../support/real-tools.ts';
import { sampleProject } from '../support/sample-project.ts';

beforeEach(() => {
  for (const name of ['PIP_INDEX_URL', 'TWINE_REPOSITORY', 'TWINE_REPOSITORY_URL', 'TWINE_PASSWORD', 'UV_PUBLISH_URL', 'UV_PUBLISH_TOKEN']) vi.stubEnv(name, undefined);
  return () => vi.unstubAllEnvs();
});

describe.each(['pypiserver', 'devpi'])('%s', (server) => {
  const needed = needing(server, 'twine', 'uv', 'build');
  const login = () => {
    const { user = '', password = '', simple = '' } = givenServer(server).settings;
    return { index: simple, username: user, token: secretOf(password) };
  };
  const context = (folder: string) => realContext<PublishState, PublishOutputs>(folder);

  test.each(['twine', 'uv'] as const)('a release is built, uploaded with %s, and listed with its hashes', needed, async (tool) => {
    using folder = scratchFolder();
    const { project, version } = sampleProject(folder.path);
    removedAfterwards(server, project, version);
    const metadata = { 'Requires-Python': '>=3.9' };
    const built = await build.run({ project, version, isolation: false, metadata }, context(folder.path));
    const given = { project, version, files: built.files, tool, ...login() };
    expect(await publish.verify?.(given, context(folder.path))).toEqual([]);

    const done = await publish.run(given, context(folder.path));
    expect(done).toEqual({ files: built.files, uploaded: expect.arrayContaining(Object.keys(built.files)) as unknown, index: login().index });
    const { index } = login();
    expect(await wait.run({ project, version, files: built.files, index }, context(folder.path))).toMatchObject({ files: built.files });

    const python = wait.run({ project, version, index, 'requires-python': '>= 3.9' }, context(folder.path));
    if (server === 'devpi') expect(await python).toMatchObject({ files: built.files });
    else await expect(python).rejects.toMatchObject({ code: 'PYPI_REQUIRES_PYTHON_MISSING' });

    expect(await publish.run(given, context(folder.path)), 'the same bytes are done').toMatchObject({ uploaded: [] });
    const next = { project, version: '2.0', index };
    expect(await chooseRollback.run(next, context(folder.path))).toMatchObject({ version, files: built.files });
  });

  test.each(['twine', 'uv'] as const)('other bytes under the same name are refused with %s, before and at the upload', needed, async (tool) => {
    using folder = scratchFolder();
    const { project, module, version } = sampleProject(folder.path);
    removedAfterwards(server, project, version);
    const { files } = await build.run({ project, version, isolation: false, formats: ['wheel'] }, context(folder.path));
    await publish.run({ project, version, tool, ...login() }, context(folder.path));
    const wheel = join(folder.path, 'dist', Object.keys(files)[0] ?? '');
    const bytes = readFileSync(wheel);
    writeFileSync(join(folder.path, module, 'more.py'), 'x = 1\n');
    await build.run({ project, version, isolation: false, formats: ['wheel'] }, context(folder.path));
    expect(sha256Of(wheel)).not.toBe(Object.values(files)[0]);
    await expect(publish.run({ project, version, tool, ...login() }, context(folder.path))).rejects.toMatchObject({ code: 'PYPI_HASH_MISMATCH' });

    // The index hides its files, as a lagging one does: its response to the upload is not believed either.
    const hidden = context(folder.path);
    let requests = 0;
    const lagging = { ...hidden, fetch: async (...[url, init]: Parameters<typeof fetch>) => (requests++ === 0 ? new Response(null, { status: 404 }) : fetch(url, init)) };
    const { upload = '' } = givenServer(server).settings;
    const run = publish.run({ project, version, tool, upload, ...login() }, lagging);
    // devpi lets a file of a volatile index be replaced: then the bytes are the expected ones.
    if (server === 'devpi') await expect(run).resolves.toMatchObject({ uploaded: [wheel.split('/').at(-1)] });
    else await expect(run).rejects.toMatchObject({ code: 'PYPI_HASH_MISMATCH', message: containing(Object.values(files)[0] ?? '') });
    writeFileSync(wheel, bytes);
  });

  test.each(['twine', 'uv'] as const)('a wrong password is reported with %s, and nothing is uploaded', needed, async (tool) => {
    using folder = scratchFolder();
    const { project, version } = sampleProject(folder.path);
    removedAfterwards(server, project, version);
    await build.run({ project, version, isolation: false, formats: ['wheel'] }, context(folder.path));
    const wrong = { ...login(), token: secretOf('a-wrong-password') };
    await expect(publish.run({ project, version, tool, ...wrong }, context(folder.path))).rejects.toMatchObject({
      code: 'PYPI_UPLOAD_FORBIDDEN',
      message: expect.not.stringContaining('a-wrong-password') as unknown,
    });
  });

  test.each([
    ['twine', { TWINE_REPOSITORY_URL: 'https://other.invalid/', TWINE_USERNAME: 'user', TWINE_PASSWORD: 'password' }],
    ['uv', { UV_PUBLISH_URL: 'https://other.invalid/', UV_PUBLISH_USERNAME: 'user', UV_PUBLISH_PASSWORD: 'password' }],
  ] as const)('%s does not get a password in the environment that is for another server', needed, async (tool, variables) => {
    using folder = scratchFolder();
    const { project, version } = sampleProject(folder.path);
    removedAfterwards(server, project, version);
    await build.run({ project, version, isolation: false, formats: ['wheel'] }, context(folder.path));
    // The right ones: had they been sent, the upload would succeed.
    const { settings } = givenServer(server);
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, settings[value] ?? value);

    const given = { project, version, tool, index: settings['simple'] ?? '', upload: settings['upload'] ?? '' };
    await expect(publish.run(given, context(folder.path))).rejects.toMatchObject({ code: containing('PYPI_UPLOAD_') });
  });
});

describe('python -m build', () => {
  const needed = needing('build');

  test('a build with another version or other metadata is refused, and puts nothing into the folder', needed, async () => {
    using folder = scratchFolder();
    const { project } = sampleProject(folder.path, { version: '1.3.0' });
    const metadata = { 'Requires-Python': '>=3.10', 'License-Expression': 'MIT' };
    const run = build.run({ project, version: '1.4.0', isolation: false, metadata }, realContext(folder.path));
    await expect(run).rejects.toMatchObject({ code: 'PYPI_METADATA_MISMATCH', message: containing('is 1.3.0, expected 1.4.0') });
    await expect(run).rejects.toThrow('License-Expression');
    expect(() => readFileSync(join(folder.path, 'dist'))).toThrow('ENOENT');
  });

  test('a failed build reports the reason', needed, async () => {
    using folder = scratchFolder();
    const { project, module, version } = sampleProject(folder.path);
    rmSync(join(folder.path, module), { recursive: true });
    const run = build.run({ project, version, isolation: false }, realContext(folder.path));
    await expect(run).rejects.toMatchObject({ code: 'PYPI_BUILD_FAILED', message: containing('No file/folder found for module') });
  });

  test('two builds of the same commit produce the same bytes', needed, async () => {
    using folder = scratchFolder();
    const { project, version } = sampleProject(folder.path);
    const once = await build.run({ project, version, isolation: false }, realContext(folder.path));
    expect(await build.run({ project: project.toUpperCase(), version: 'v1.4', isolation: false }, realContext(folder.path))).toEqual(once);
  });
});
