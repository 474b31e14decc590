import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needing } from '@relpipe/testing/real-servers';
import { scratchFolder, type ScratchFolder } from '@relpipe/testing/scratch-folder';
import { secretOf } from '@relpipe/testing/step-context';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { build } from '../../src/build/build.ts';
import { publish, type PublishOutputs, type PublishState } from '../../src/publish/publish.ts';
import { realContext } from '../support/real-tools.ts';
import { sampleProject } from '../support/sample-project.ts';
import { startPypi, type Pypi } from '../support/start-pypi.ts';

beforeEach(() => () => vi.unstubAllEnvs());

/** The real tools against the stand-in for PyPI, which has trusted publishing and PyPI's responses; no server here has them. */
describe.each(['twine', 'uv'] as const)('%s', (tool) => {
  const needed = needing(tool, 'build');

  async function given(folder: ScratchFolder, pypi: Pypi) {
    const { project, version } = sampleProject(folder.path);
    const { files } = await build.run({ project, version, isolation: false }, realContext(folder.path));
    pypi.tokens.set('pypi-lasting', Infinity);
    return { project, version, files, tool, index: pypi.simple, upload: pypi.upload };
  }
  const context = (folder: ScratchFolder) =>
    realContext<PublishState, PublishOutputs>(folder.path, { clock: { now: Date.now, sleep: () => Promise.resolve() } });

  test('an upload uses a token minted from the identity of a CI job', needed, async () => {
    using folder = scratchFolder();
    await using pypi = await startPypi();
    Object.entries(pypi.github).forEach(([name, value]) => vi.stubEnv(name, value));
    const config = await given(folder, pypi);
    expect(await publish.run({ ...config, 'trusted-publishing': 'always' }, context(folder))).toMatchObject({ uploaded: Object.keys(config.files) });
    expect({ faults: pypi.faults, tokens: new Set(pypi.uploads.map(({ token }) => token)).size }).toEqual({ faults: [], tokens: 1 });
  });

  test('the responses of PyPI are recognized', needed, async () => {
    using folder = scratchFolder();
    await using pypi = await startPypi();
    const config = { ...(await given(folder, pypi)), token: secretOf('pypi-lasting') };
    const [name = ''] = Object.keys(config.files).filter((file) => file.endsWith('.whl'));
    const refused = (token = 'pypi-lasting') => publish.run({ ...config, token: secretOf(token) }, context(folder)).catch((error: unknown) => error);

    pypi.deleted.add(name);
    expect(await refused()).toMatchObject({ code: 'PYPI_FILENAME_PREVIOUSLY_USED' });
    pypi.deleted.clear();
    pypi.files.set(name, { project: config.project, sha256: 'f'.repeat(64), yanked: false });
    pypi.unseen.add(name);
    expect(await refused()).toMatchObject({ code: 'PYPI_FILE_NOT_LISTED' });
    pypi.files.clear();
    pypi.unseen.clear();
    expect(await refused('pypi-wrong')).toMatchObject({ code: 'PYPI_UPLOAD_FORBIDDEN' });
    pypi.onUpload = (filename) => (filename === name ? 'lose' : 'pass');
    expect(await publish.run(config, context(folder))).toMatchObject({ files: config.files });
    expect(pypi.faults).toEqual([]);
  });

  test('a file that is not a package is not uploaded again', needed, async () => {
    using folder = scratchFolder();
    await using pypi = await startPypi();
    const config = await given(folder, pypi);
    const [name = ''] = Object.keys(config.files).filter((file) => file.endsWith('.whl'));
    writeFileSync(join(folder.path, 'dist', name), 'no wheel');
    const { project, version, index, upload } = config;
    await expect(publish.run({ project, version, tool, index, upload, token: secretOf('pypi-lasting') }, context(folder))).rejects.toMatchObject({
      code: 'PYPI_UPLOAD_FAILED',
      retryable: false,
    });
    expect(pypi.uploads).toEqual([]);
  });
});
