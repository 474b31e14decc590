import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { containing } from '@relpipe/testing/matchers';
import { scratchFolder, type ScratchFolder, sha256Of } from '@relpipe/testing/scratch-folder';
import { secretOf, virtualContext } from '@relpipe/testing/step-context';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { publish, type PublishOutputs, type PublishState } from '../../src/publish/publish.ts';
import { standInTwine } from '../support/stand-in-twine.ts';
import { startPypi, type Pypi } from '../support/start-pypi.ts';

const [wheel, sdist] = ['demo_pkg-1.4.0-py3-none-any.whl', 'demo_pkg-1.4.0.tar.gz'] as const;
const lasting = 'pypi-of-ann';

let folder: ScratchFolder;
let pypi: Pypi;
let files: Record<string, string>;
beforeEach(async () => {
  folder = scratchFolder();
  for (const name of [wheel, sdist, 'demo_pkg-1.3.0.tar.gz', `${wheel}.publish.attestation`]) writeFileSync(join(folder.path, name), `bytes of ${name}`);
  files = Object.fromEntries([wheel, sdist].map((name) => [name, sha256Of(join(folder.path, name))]));
  for (const name of settings) vi.stubEnv(name, undefined);
  vi.stubEnv('HOME', folder.path);
  pypi = await startPypi();
  pypi.tokens.set(lasting, Infinity);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  folder[Symbol.dispose]();
  await pypi[Symbol.asyncDispose]();
  expect(pypi.faults).toEqual([]);
});
const settings = [
  'PIP_INDEX_URL', 'PIP_CONFIG_FILE', 'TWINE_REPOSITORY', 'TWINE_REPOSITORY_URL', 'TWINE_USERNAME', 'TWINE_PASSWORD', 'UV_PUBLISH_URL',
  'UV_PUBLISH_TOKEN', 'UV_PUBLISH_PASSWORD', 'UV_DEFAULT_INDEX', 'UV_INDEX_URL', 'GITLAB_CI', 'ACTIONS_ID_TOKEN_REQUEST_URL',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
];

const config = () => ({ project: 'Demo_Pkg', version: '1.4', folder: '.', index: pypi.simple, upload: pypi.upload, token: secretOf(lasting) });
type Given = Parameters<typeof virtualContext<PublishState, PublishOutputs>>[0];
const context = (given: Given = {}) => virtualContext<PublishState, PublishOutputs>({ workdir: folder.path, exec: standInTwine().exec, ...given });
const probe = (given: ReturnType<typeof config>, saved?: PublishState) => {
  if (publish.onLost !== 'probe') throw new Error('publish can be probed');
  return publish.probe(given, context(saved && { saved }));
};
const names = () => pypi.uploads.map(({ filename }) => filename);

describe('publishing', () => {
  test('a release is uploaded file by file, wheels first, and nothing else from the folder', async () => {
    const [twine, given] = [standInTwine(), context()];
    const done = await publish.run(config(), { ...given, exec: twine.exec });
    expect(done).toEqual({ files, uploaded: [wheel, sdist], index: pypi.simple });
    expect(names()).toEqual([wheel, sdist]);
    expect(given.states.map(({ started }) => started)).toEqual([[wheel], [wheel, sdist]]);
    expect(twine.called.flat().join(' ')).not.toContain(lasting);
    expect(JSON.stringify([done, given.states, given.lines])).not.toContain(lasting);
  });

  test('a release that is there with the same bytes is done, and nothing is uploaded', async () => {
    await publish.run(config(), context());
    const twine = standInTwine();
    expect(await publish.run(config(), context({ exec: twine.exec }))).toEqual({ files, uploaded: [], index: pypi.simple });
    expect(twine.called).toEqual([]);
  });

  test('a release of which one file is there is completed', async () => {
    pypi.files.set(wheel, { project: 'demo-pkg', sha256: files[wheel]!, yanked: false });
    expect(await publish.run(config(), context())).toMatchObject({ uploaded: [sdist] });
    expect(names()).toEqual([sdist]);
  });

  test.each([wheel, sdist])('a release of which %s is there with other bytes is refused before anything is uploaded', async (name) => {
    pypi.files.set(name, { project: 'demo-pkg', sha256: 'f'.repeat(64), yanked: false });
    await expect(publish.run(config(), context())).rejects.toMatchObject({ code: 'PYPI_HASH_MISMATCH', message: containing(files[name]!) });
    expect(names()).toEqual([]);
    expect(await publish.verify?.({ ...config(), files }, context())).toMatchObject([{ level: 'error', code: 'PYPI_HASH_MISMATCH' }]);
  });

  test('a release that was yanked does not count as done', async () => {
    pypi.files.set(wheel, { project: 'demo-pkg', sha256: files[wheel]!, yanked: 'leaks' });
    await expect(publish.run(config(), context())).rejects.toMatchObject({ code: 'PYPI_YANKED', message: containing('leaks') });
  });
});

describe('before the first upload', () => {
  test.each([
    ['PYPI_FILE_CHANGED', () => writeFileSync(join(folder.path, sdist), 'built again')],
    ['PYPI_FILE_NOT_FOUND', () => folder[Symbol.dispose]()],
  ])('%s: nothing is uploaded when one of the files is not the one that was built', async (code, happens) => {
    happens();
    await expect(publish.run({ ...config(), files }, context())).rejects.toMatchObject({ code });
    expect(names()).toEqual([]);
  });

  test('a folder without files of the version is refused', async () => {
    await expect(publish.run({ ...config(), version: '2.0' }, context())).rejects.toMatchObject({ code: 'PYPI_FILES_NOT_FOUND' });
  });

  test('a missing upload tool is reported by verify and by the run', async () => {
    const exec = () => Promise.reject(Object.assign(new Error('no'), { [Symbol.for('relpipe.step-error')]: true, code: 'REL_COMMAND_NOT_FOUND' }));
    await expect(publish.run(config(), context({ exec }))).rejects.toMatchObject({ code: 'PYPI_UPLOAD_TOOL_NOT_FOUND', message: containing('Neither twine nor uv') });
    expect(await publish.verify?.(config(), context({ exec }))).toMatchObject([{ level: 'error', code: 'PYPI_UPLOAD_TOOL_NOT_FOUND' }]);
  });
});

describe('failed uploads', () => {
  test('a failed upload counts as done when the index has stored the file', async () => {
    pypi.onUpload = (name) => (name === wheel ? 'lose' : 'pass');
    const given = context();
    expect(await publish.run(config(), given)).toMatchObject({ uploaded: [wheel, sdist] });
    expect(given.lines).toContain(`${wheel} is on the index with the same bytes, although twine failed`);
    expect(names()).toEqual([wheel, sdist]);
  });

  test('a file that the index calls existing but does not list is retried later', async () => {
    pypi.files.set(wheel, { project: 'demo-pkg', sha256: 'f'.repeat(64), yanked: false });
    pypi.unseen.add(wheel);
    await expect(publish.run(config(), context())).rejects.toMatchObject({ code: 'PYPI_FILE_NOT_LISTED', retryable: true });
  });

  test('other bytes that appear during the upload are an error', async () => {
    pypi.files.set(wheel, { project: 'demo-pkg', sha256: 'f'.repeat(64), yanked: false });
    pypi.unseen.add(wheel);
    const twine = standInTwine(() => pypi.unseen.clear());
    await expect(publish.run(config(), context({ exec: twine.exec }))).rejects.toMatchObject({ code: 'PYPI_HASH_MISMATCH' });
  });

  test('the name of a deleted file is distinguished from a file that exists', async () => {
    pypi.deleted.add(wheel);
    await expect(publish.run(config(), context())).rejects.toMatchObject({
      code: 'PYPI_FILENAME_PREVIOUSLY_USED',
      hint: containing('another version'),
      retryable: false,
    });
  });

  test('a wrong token is reported and not shown', async () => {
    const wrong = { ...config(), token: secretOf('pypi-wrong') };
    await expect(publish.run(wrong, context())).rejects.toMatchObject({ code: 'PYPI_UPLOAD_FORBIDDEN', message: expect.not.stringContaining('pypi-wrong') as unknown });
  });
});

describe('after a crash', () => {
  const saved = (): PublishState => ({ upload: pypi.upload, files, started: [wheel] });

  test('the probe reads from the index which files are done', async () => {
    expect(await probe(config())).toEqual({ found: 'not-done' });
    expect(await probe(config(), saved())).toEqual({ found: 'not-done' });
    pypi.files.set(wheel, { project: 'demo-pkg', sha256: files[wheel]!, yanked: false });
    expect(await probe(config(), saved())).toMatchObject({ found: 'partly', detail: containing('1 of 2') });
    pypi.files.set(sdist, { project: 'demo-pkg', sha256: files[sdist]!, yanked: false });
    expect(await probe(config(), saved())).toEqual({ found: 'done', output: { files, uploaded: [wheel], index: pypi.simple } });
    pypi.files.set(sdist, { project: 'demo-pkg', sha256: 'f'.repeat(64), yanked: false });
    expect(await probe(config(), saved())).toMatchObject({ found: 'conflict' });
  });

  test('a resumed run uploads only the missing files, even while the index does not list the others', async () => {
    pypi.files.set(wheel, { project: 'demo-pkg', sha256: files[wheel]!, yanked: false });
    expect(await publish.run(config(), context({ saved: saved(), attempt: 2 }))).toMatchObject({ uploaded: [wheel, sdist] });
    expect(names()).toEqual([sdist]);
    pypi.unseen.add(wheel).add(sdist);
    await publish.run(config(), context({ saved: saved(), attempt: 3 }));
    expect(names()).toEqual([sdist]); // PyPI takes the same bytes twice and stores nothing.
  });

  test('a resumed run does not continue on another index', async () => {
    const elsewhere = { ...saved(), upload: 'https://other.invalid/upload/' };
    expect(await probe(config(), elsewhere)).toMatchObject({ found: 'unknown', detail: containing(elsewhere.upload) });
    await expect(publish.run(config(), context({ saved: elsewhere }))).rejects.toMatchObject({ code: 'PYPI_RESUME_INDEX_CHANGED', hint: containing('TWINE_REPOSITORY_URL') });
    expect(names()).toEqual([]);
  });

  test('a resumed run does not mix files of two builds', async () => {
    pypi.files.set(wheel, { project: 'demo-pkg', sha256: files[wheel]!, yanked: false });
    writeFileSync(join(folder.path, sdist), 'built again');
    await expect(publish.run(config(), context({ saved: saved() }))).rejects.toMatchObject({ code: 'PYPI_RESUME_FILES_CHANGED' });
    expect(names()).toEqual([]);
  });
});

describe('trusted publishing', () => {
  const trusted = () => ({ ...config(), token: undefined as never, 'trusted-publishing': 'always' as const });
  const onGithub = () => Object.entries(pypi.github).forEach(([name, value]) => vi.stubEnv(name, value));

  test('on GitHub, files are uploaded with a token minted from the identity of the job', async () => {
    onGithub();
    const given = context({ clock: { now: Date.now, sleep: () => Promise.resolve() } });
    await publish.run(trusted(), given);
    expect(names()).toEqual([wheel, sdist]);
    expect(new Set(pypi.uploads.map(({ token }) => token)).size).toBe(1);
    const said = JSON.stringify([given.lines, given.states]);
    for (const token of [...pypi.tokens.keys(), ...pypi.identities.keys()]) expect(said).not.toContain(token);
  });

  test('a minted token is renewed after ten minutes, with a new identity', async () => {
    onGithub();
    let now = Date.now();
    await using later = await startPypi(() => now);
    Object.entries(later.github).forEach(([name, value]) => vi.stubEnv(name, value));
    later.onUpload = () => ((now += 10 * 60_000), 'pass');
    const given = context({ clock: { now: () => now, sleep: () => Promise.resolve() } });
    await publish.run({ ...trusted(), index: later.simple, upload: later.upload }, given);
    expect(later.uploads.map(({ filename }) => filename)).toEqual([wheel, sdist]);
    expect({ tokens: new Set(later.uploads.map(({ token }) => token)).size, identities: later.identities.size, faults: later.faults }).toEqual({
      tokens: 2,
      identities: 2,
      faults: [],
    });
  });

  test('on GitLab, the identity comes with the job and is accepted once', async () => {
    vi.stubEnv('GITLAB_CI', 'true');
    vi.stubEnv('TESTING_ID_TOKEN', 'jwt-of-the-job');
    pypi.identities.set('jwt-of-the-job', 'testing');
    const given = { clock: { now: Date.now, sleep: () => Promise.resolve() } };
    await publish.run(trusted(), context(given));
    expect(names()).toEqual([wheel, sdist]);
    pypi.files.clear();
    await expect(publish.run(trusted(), context(given))).rejects.toMatchObject({ code: 'PYPI_TRUSTED_PUBLISHING_REFUSED', hint: containing('start a new job') });
  });

  test.each([
    ['invalid-publisher', 'trusted publisher'],
    ['not-enabled', 'switched trusted publishing off'],
    ['something-new', 'publishing settings'],
  ])('the refusal %s is reported with the next action', async (code, hint) => {
    onGithub();
    pypi.refuses = code;
    await expect(publish.run(trusted(), context())).rejects.toMatchObject({ code: 'PYPI_TRUSTED_PUBLISHING_REFUSED', message: containing(code), hint: containing(hint) });
    expect(names()).toEqual([]);
  });

  test('verify refuses trusted publishing without an identity', async () => {
    expect(await publish.verify?.(trusted(), context())).toMatchObject([{ level: 'error', code: 'PYPI_OIDC_TOKEN_MISSING', hint: containing('id-token: write') }]);
  });
});

describe('the index', () => {
  const { project, version, folder: dist } = { project: 'demo-pkg', version: '1.4', folder: '.' };
  const plain = { project, version, folder: dist };

  test('without a named index, files go to the index that twine and pip are configured for', async () => {
    vi.stubEnv('TWINE_REPOSITORY_URL', pypi.upload);
    vi.stubEnv('TWINE_PASSWORD', lasting);
    vi.stubEnv('PIP_INDEX_URL', pypi.simple);
    expect(await publish.run(plain, context())).toMatchObject({ index: pypi.simple, uploaded: [wheel, sdist] });
  });

  test('a password that is configured for another server is never sent', async () => {
    vi.stubEnv('TWINE_REPOSITORY_URL', 'https://other.invalid/upload/');
    vi.stubEnv('TWINE_PASSWORD', lasting);
    const given = { ...plain, index: pypi.simple, upload: pypi.upload };
    expect(await publish.verify?.({ ...given, files }, context())).toMatchObject([{ code: 'PYPI_CREDENTIALS_MISSING' }]);
    await expect(publish.run(given, context())).rejects.toMatchObject({ code: 'PYPI_UPLOAD_FORBIDDEN' });
    vi.stubEnv('TWINE_REPOSITORY_URL', undefined);
    expect(await publish.run(given, context())).toMatchObject({ uploaded: [wheel, sdist] });
  });

  test('a step can name a section of .pypirc, whose login is used', async () => {
    writeFileSync(join(folder.path, '.pypirc'), `[distutils]\nindex-servers = inner\n[inner]\nrepository = ${pypi.upload}\nusername = __token__\npassword = ${lasting}\n`);
    const given = context();
    expect(await publish.run({ ...plain, index: pypi.simple, upload: 'inner' }, given)).toMatchObject({ uploaded: [wheel, sdist] });
    await expect(publish.run({ ...plain, upload: 'other' }, context())).rejects.toMatchObject({ code: 'PYPI_REPOSITORY_NOT_FOUND' });
  });

  test('without any configuration, files go to PyPI', async () => {
    expect(await publish.preview?.(plain, context())).toMatchObject({ change: 'demo-pkg 1.4: its files on https://upload.pypi.org/legacy/' });
    expect(await publish.preview?.({ ...plain, index: 'testpypi' }, context())).toMatchObject({ change: containing('https://test.pypi.org/legacy/') });
  });

  test('an address of the index that does not follow from the other one is not guessed', async () => {
    await expect(publish.run({ ...plain, upload: `${pypi.url}/upload/` }, context())).rejects.toMatchObject({ code: 'PYPI_INDEX_URL_UNKNOWN' });
    await expect(publish.run({ ...plain, index: pypi.simple }, context())).rejects.toMatchObject({ code: 'PYPI_UPLOAD_URL_UNKNOWN' });
    pypi.faults.length = 0; // It was asked whether it is devpi or pypiserver.
  });
});

describe('before the run', () => {
  test('verify warns of files that are there already and of missing credentials', async () => {
    const later = { ...config(), files: { $later: 'steps.build.outputs.files' } };
    expect(await publish.verify?.(later, context())).toEqual([]);
    const withoutToken = { ...later, token: undefined as never };
    expect(await publish.verify?.(withoutToken, context())).toMatchObject([{ level: 'warning', code: 'PYPI_CREDENTIALS_MISSING' }]);
    pypi.files.set(wheel, { project: 'demo-pkg', sha256: files[wheel]!, yanked: false });
    expect(await publish.verify?.(later, context())).toMatchObject([{ level: 'warning', code: 'PYPI_ALREADY_PUBLISHED', message: containing(wheel) }]);
    expect(await publish.verify?.(later, context())).toMatchObject([{ message: containing(`${later.project} ${later.version} is already on`) }]);
    expect(await publish.preview?.(later, context())).toMatchObject({ unknownUntilRun: ['files'] });
  });
});
