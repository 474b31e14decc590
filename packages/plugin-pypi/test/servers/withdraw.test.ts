import { givenServer, needing } from '@relpipe/testing/real-servers';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { secretOf } from '@relpipe/testing/step-context';
import { describe, expect, test } from 'vitest';
import { build } from '../../src/build/build.ts';
import { publish } from '../../src/publish/publish.ts';
import { howToWithdraw } from '../../src/withdraw/how-to-withdraw.ts';
import { remove } from '../../src/withdraw/remove.ts';
import { withdrawn } from '../../src/withdraw/withdrawn.ts';
import { realContext, removedAfterwards } from '../support/real-tools.ts';
import { sampleProject } from '../support/sample-project.ts';

describe.each(['pypiserver', 'devpi'])('%s', (server) => {
  const needed = needing(server, 'uv', 'build');
  const loginOf = () => {
    const { user = '', password = '', simple = '' } = givenServer(server).settings;
    return { index: simple, username: user, token: secretOf(password) };
  };

  test('a version is removed by the API of the index, other versions stay, and removing it again does nothing', needed, async () => {
    using folder = scratchFolder();
    const login = loginOf();
    const context = () => realContext<never, never>(folder.path);
    const { project } = sampleProject(folder.path, { version: '1.4.0' });
    removedAfterwards(server, project, '1.4.0', '1.3.0');
    for (const version of ['1.4.0', '1.3.0']) {
      sampleProject(folder.path, { project, version });
      const { files } = await build.run({ project, version, isolation: false }, context());
      await publish.run({ project, version, files, tool: 'uv', ...login }, realContext(folder.path));
    }
    const release = { project, version: '1.4', index: login.index };
    expect(await howToWithdraw.run({ ...release, reason: 'leaks' }, context())).toEqual({ 'by-api': true, 'by-person': false, ask: '', page: '' });
    await expect(remove.run({ ...release, username: login.username, token: secretOf('wrong') }, context())).rejects.toMatchObject({ code: 'PYPI_REMOVAL_REFUSED' });
    await expect(withdrawn.run({ ...release, timeout: 0 }, context())).rejects.toMatchObject({ code: 'PYPI_NOT_WITHDRAWN' });

    const removed = await remove.run({ ...release, ...login }, context());
    expect(removed.files).toHaveLength(2);
    expect(await withdrawn.run({ ...release, timeout: 0 }, context())).toEqual({ found: 'gone', reason: '' });
    expect(await remove.run({ ...release, ...login }, context())).toEqual({ files: [] });
    await expect(withdrawn.run({ ...release, version: '1.3', timeout: 0 }, context())).rejects.toMatchObject({ code: 'PYPI_NOT_WITHDRAWN' });

    await remove.run({ ...release, version: '1.3', ...login }, context());
    expect(await withdrawn.run({ ...release, version: '1.3' }, context())).toEqual({ found: 'gone', reason: '' });
  });
});

test('a refusal of devpi to delete from a non-volatile index is reported with the next action', needing('devpi', 'uv', 'build'), async () => {
  using folder = scratchFolder();
  const { url, settings } = givenServer('devpi');
  const { user = '', password = '' } = settings;
  const { project, version } = sampleProject(folder.path);
  const index = `${url}/${user}/${project}`;
  const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`, 'content-type': 'application/json' };
  const put = (volatile: boolean) => fetch(index, { method: 'PUT', headers, body: JSON.stringify({ type: 'stage', bases: [], volatile }) });
  expect((await put(false)).status).toBe(200);
  try {
    const login = { index: `${index}/+simple/`, username: user, token: secretOf(password) };
    await build.run({ project, version, isolation: false, formats: ['wheel'] }, realContext(folder.path));
    await publish.run({ project, version, tool: 'uv', ...login }, realContext(folder.path));
    await expect(remove.run({ project, version, ...login }, realContext<never, never>(folder.path))).rejects.toMatchObject({
      code: 'PYPI_REMOVAL_REFUSED',
      hint: expect.stringContaining('volatile=True') as unknown,
    });
  } finally {
    const patch = JSON.stringify(['volatile=True']);
    await fetch(index, { method: 'PATCH', headers, body: patch });
    expect((await fetch(index, { method: 'DELETE', headers })).status).toBe(201);
  }
});
