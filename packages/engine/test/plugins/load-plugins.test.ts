import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadWantedPlugins } from '../../src/plugins/load-plugins.ts';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'relpipe-plugins-'));
  folder = join(root, 'services', 'engine');
  await mkdir(folder, { recursive: true });
  await mkdir(join(root, '.git'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const plugin = (name: string) => `export default { name: '${name}', contract: 1 };\n`;

async function install(place: string, name: string, manifest: object, files: Readonly<Record<string, string>>): Promise<void> {
  const home = join(root, place, name);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ name, version: '1.2.3', type: 'module', ...manifest }));
  for (const [file, text] of Object.entries(files)) await writeFile(join(home, file), text);
}

const load = (name: string, range = '^1.0.0') => loadWantedPlugins([{ package: name, range }], folder, []);
const codes = async (name: string, range?: string) => (await load(name, range)).diagnostics.map(({ code }) => code);

test('a plugin is found in node_modules above the pipeline, as Node finds it', async () => {
  await install('node_modules', '@acme/image', { exports: './index.js' }, { 'index.js': plugin('image') });
  const { registry, diagnostics } = await load('@acme/image');
  expect(diagnostics).toEqual([]);
  expect(registry.plugins).toEqual([{ package: '@acme/image', name: 'image', version: '1.2.3' }]);
});

test('a plugin that is not in node_modules is found in .relpipe at the root of the repository', async () => {
  await install('.relpipe/node_modules', 'image', { main: 'index.js' }, { 'index.js': plugin('image') });
  expect((await load('image')).registry.plugins[0]?.version).toBe('1.2.3');
  await install('services/node_modules', 'image', { version: '1.9.0', main: 'index.js' }, { 'index.js': plugin('image') });
  expect((await load('image')).registry.plugins[0]?.version).toBe('1.9.0');
});

test('the entry of a package is the one that an import would take', async () => {
  const exports = { '.': { types: './wrong.d.ts', require: './wrong.js', import: { node: './index.js' } } };
  await install('node_modules', 'image', { exports }, { 'index.js': plugin('image'), 'wrong.js': 'throw new Error("wrong entry");' });
  expect(await codes('image')).toEqual([]);
});

test('a package that is not installed is a finding, and a path is not a package name', async () => {
  await writeFile(join(root, 'package.json'), '{"name":"sneaky","version":"1.0.0"}');
  expect(await codes('image')).toEqual(['REL_PLUGIN_NOT_INSTALLED']);
  expect(await codes('../../..')).toEqual(['REL_PLUGIN_PACKAGE_NAME_INVALID']);
});

test('a version outside the range is not imported', async () => {
  await install('node_modules', 'image', { main: 'index.js' }, { 'index.js': 'throw new Error("imported");' });
  expect(await codes('image', '^2.0.0')).toEqual(['REL_PLUGIN_VERSION_MISMATCH']);
  expect(await codes('image', 'newest')).toEqual(['REL_PLUGIN_RANGE_INVALID']);
});

test('a package.json that is not JSON is reported as a plugin that cannot be loaded', async () => {
  await install('node_modules', 'image', {}, { 'package.json': '{' });
  expect(await codes('image')).toEqual(['REL_PLUGIN_LOAD_FAILED']);
});

test('a registry is incomplete when a plugin is not installed', async () => {
  expect((await load('image')).registry.incomplete).toBe(true);
});
