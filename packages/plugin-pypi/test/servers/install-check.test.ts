import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { givenServer, needing } from '@relpipe/testing/real-servers';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { secretOf } from '@relpipe/testing/step-context';
import { describe, expect, test } from 'vitest';
import { build } from '../../src/build/build.ts';
import { installCheck, type InstallCheckState } from '../../src/install-check/install-check.ts';
import { publish } from '../../src/publish/publish.ts';
import { realContext, removedAfterwards } from '../support/real-tools.ts';
import { sampleProject } from '../support/sample-project.ts';

const environments = () => readdirSync(tmpdir()).filter((name) => name.startsWith('relpipe-install-'));

/** Builds and uploads a project; returns the settings of the step. */
async function published(server: string, folder: string, sample: Parameters<typeof sampleProject>[1] = {}) {
  const { user = '', password = '', simple: index = '' } = givenServer(server).settings;
  const { project, module, version } = sampleProject(folder, sample);
  removedAfterwards(server, project, version);
  const { files } = await build.run({ project, version, isolation: false, formats: ['wheel'] }, realContext(folder));
  await publish.run({ project, version, tool: 'uv', index, username: user, token: secretOf(password) }, realContext(folder));
  return { module, release: { project, version, index, files } };
}

describe.each(['pypiserver', 'devpi'])('from %s', (server) => {
  test('a version is installed by hash and imported, its script is run, and the environment is removed', needing(server, 'uv', 'build'), async () => {
    using folder = scratchFolder();
    const { module, release } = await published(server, folder.path);
    const context = realContext<InstallCheckState>(folder.path);
    expect(await installCheck.verify?.(release, context)).toEqual([]);
    const done = await installCheck.run({ ...release, scripts: { [release.project]: [] } }, context);
    const { project, version } = release;
    expect(done).toEqual({ version, modules: [module], scripts: [project], packages: { [project]: version } });
    expect(context.lines).toEqual([`${project} exited with 0`]);
    expect(context.states).toHaveLength(1);
    expect(environments()).not.toContain(context.states[0]?.folder.split('/').at(-1));
  });
});

describe('refused installations', () => {
  const needed = needing('pypiserver', 'uv', 'build');
  const run = (release: Awaited<ReturnType<typeof published>>['release'], folder: string) =>
    installCheck.run(release, realContext<InstallCheckState>(folder));

  test('an installation of other bytes than the published ones is refused', needed, async () => {
    using folder = scratchFolder();
    const { release } = await published('pypiserver', folder.path);
    const files = Object.fromEntries(Object.keys(release.files).map((name) => [name, 'f'.repeat(64)]));
    await expect(run({ ...release, files }, folder.path)).rejects.toMatchObject({ code: 'PYPI_HASH_MISMATCH' });
  });

  test('a version that pip cannot install is reported with the output of pip', needed, async () => {
    using folder = scratchFolder();
    const { release } = await published('pypiserver', folder.path);
    await expect(run({ ...release, version: '9', files: {} }, folder.path)).rejects.toMatchObject({
      code: 'PYPI_INSTALL_FAILED',
      message: containing('No matching distribution'),
    });
  });

  test('a module that cannot be imported fails the check', needed, async () => {
    using folder = scratchFolder();
    const { release } = await published('pypiserver', folder.path, { code: '"""For tests."""\n__version__ = "1.4.0"\nimport not_there\n' });
    await expect(run(release, folder.path)).rejects.toMatchObject({ code: 'PYPI_IMPORT_FAILED', message: containing("No module named 'not_there'") });
  });

  test('a script whose function is missing fails the check', needed, async () => {
    using folder = scratchFolder();
    const { release } = await published('pypiserver', folder.path, { code: '"""For tests."""\n__version__ = "1.4.0"\n' });
    await expect(run(release, folder.path)).rejects.toMatchObject({ code: 'PYPI_SCRIPT_BROKEN', message: containing('main') });
  });

  test('a module that states another version than the project fails the check', needed, async () => {
    using folder = scratchFolder();
    const { release } = await published('pypiserver', folder.path, { code: '"""For tests."""\n__version__ = "1.3.0"\ndef main(): pass\n' });
    await expect(run(release, folder.path)).rejects.toMatchObject({ code: 'PYPI_INSTALLED_VERSION_MISMATCH', message: containing('1.3.0') });
  });

  test('a script to run that fails or does not exist fails the check', needed, async () => {
    using folder = scratchFolder();
    const { release } = await published('pypiserver', folder.path, { code: '"""For tests."""\n__version__ = "1.4.0"\ndef main(): raise SystemExit("broken")\n' });
    const { project, version, index } = release;
    const scripts = (wanted: Record<string, string[]>) => installCheck.run({ project, version, index, scripts: wanted }, realContext<InstallCheckState>(folder.path));
    await expect(scripts({ [project]: [] })).rejects.toMatchObject({ code: 'PYPI_SCRIPT_FAILED', message: containing('broken') });
    await expect(scripts({ other: [] })).rejects.toMatchObject({ code: 'PYPI_SCRIPT_NOT_FOUND', hint: containing(project) });
  });
});

test('the environment of a killed attempt is removed by the next one', needing('pypiserver', 'uv', 'build'), async () => {
  using folder = scratchFolder();
  using left = scratchFolder();
  writeFileSync(join(left.path, 'pyvenv.cfg'), '');
  const { release } = await published('pypiserver', folder.path);
  await installCheck.run(release, realContext<InstallCheckState>(folder.path, { saved: { folder: left.path }, attempt: 2 }));
  expect(readdirSync(tmpdir())).not.toContain(left.path.split('/').at(-1));
});
