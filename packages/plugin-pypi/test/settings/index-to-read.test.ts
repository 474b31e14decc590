import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { scratchFolder } from '@relpipe/testing/scratch-folder';
import { expect, test } from 'vitest';
import { indexToRead } from '../../src/settings/index-to-read.ts';

/** An environment with a home of its own, and files in it. The machine's own pip.conf is left out by XDG_CONFIG_DIRS only. */
async function home(folder: string, files: Readonly<Record<string, string>> = {}): Promise<NodeJS.ProcessEnv> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return { HOME: folder, XDG_CONFIG_DIRS: join(folder, 'xdg') };
}
const urlOf = async (environment: NodeJS.ProcessEnv, named?: string) => (await indexToRead(named, environment)).url;
const saying = (host: string, section = 'global') => `[${section}]\nindex-url = http://${host}.invalid/simple\n`;

test('the index that a step names comes first, by its address or as pypi or testpypi', async () => {
  const environment = { PIP_INDEX_URL: 'http://pip.invalid/simple' };
  expect(await urlOf(environment, 'http://named.invalid/simple')).toBe('http://named.invalid/simple/');
  expect(await urlOf(environment, 'testpypi')).toBe('https://test.pypi.org/simple/');
});

test('without a named index, pip\'s index is used: environment, virtual environment, user, machine', async () => {
  using folder = scratchFolder();
  const environment = await home(folder.path, {
    'xdg/pip/pip.conf': saying('machine'),
    '.pip/pip.conf': saying('legacy'),
    '.config/pip/pip.conf': saying('user'),
    'venv/pip.conf': saying('venv'),
  });
  const venv = { ...environment, VIRTUAL_ENV: join(folder.path, 'venv') };
  expect(await urlOf({ ...venv, PIP_INDEX_URL: 'http://variable.invalid/simple' })).toBe('http://variable.invalid/simple/');
  expect(await urlOf(venv)).toBe('http://venv.invalid/simple/');
  expect(await urlOf(environment)).toBe('http://user.invalid/simple/');
});

test('a setting for pip install outweighs a global setting in a nearer file', async () => {
  using folder = scratchFolder();
  const environment = await home(folder.path, {
    'xdg/pip/pip.conf': saying('install', 'install'),
    '.config/pip/pip.conf': saying('user'),
  });
  expect(await urlOf(environment)).toBe('http://install.invalid/simple/');
});

test('PIP_CONFIG_FILE replaces the file of the user, and the null device all files', async () => {
  using folder = scratchFolder();
  const environment = await home(folder.path, { 'named.conf': 'x = y\n', '.config/pip/pip.conf': saying('user') });
  expect(await urlOf({ ...environment, PIP_CONFIG_FILE: join(folder.path, 'named.conf') })).toBe('https://pypi.org/simple/');
  expect(await urlOf({ ...environment, PIP_CONFIG_FILE: '/dev/null' })).toBe('https://pypi.org/simple/');
});

test('where pip is not configured, the index of uv is used, else PyPI', async () => {
  using folder = scratchFolder();
  const environment = await home(folder.path);
  expect(await urlOf({ ...environment, UV_INDEX_URL: 'http://old.invalid/simple' })).toBe('http://old.invalid/simple/');
  expect(await urlOf({ ...environment, UV_DEFAULT_INDEX: 'inner=http://uv.invalid/simple' })).toBe('http://uv.invalid/simple/');
  expect(await urlOf(environment)).toBe('https://pypi.org/simple/');
});

test('a login in a configuration file is sent as a header', async () => {
  using folder = scratchFolder();
  const environment = await home(folder.path, { '.config/pip/pip.conf': '[global]\nindex-url = http://me:pw@a.invalid/simple\n' });
  expect(await indexToRead(undefined, environment)).toEqual({
    url: 'http://a.invalid/simple/',
    authorization: `Basic ${Buffer.from('me:pw').toString('base64')}`,
  });
});
