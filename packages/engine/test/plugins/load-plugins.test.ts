import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPackage } from '../../src/plugins/find-package.ts';
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
  expect(registry.plugins).toEqual([{ package: '@acme/image', name: 'image', version: '1.2.3', root: join(root, 'node_modules/@acme/image') }]);
});

test('a plugin that is not in node_modules is found in .relpipe at the root of the repository', async () => {
  await install('.relpipe/node_modules', 'image', { main: 'index.js' }, { 'index.js': plugin('image') });
  expect((await load('image')).registry.plugins[0]?.version).toBe('1.2.3');
  await install('services/node_modules', 'image', { version: '1.9.0', main: 'index.js' }, { 'index.js': plugin('image') });
  expect((await load('image')).registry.plugins[0]?.version).toBe('1.9.0');
});

test('a plugin that the repository does not have is found beside the engine that runs, also through the links of pnpm', async () => {
  const found = async (engine: string) => (await findPackage('image', folder, [join(root, engine)]))?.version;
  await install('tools/node_modules', 'image', {}, {});
  await install('tools/store/relpipe@0.1.0/node_modules', 'relpipe', {}, { 'bin.js': '' });
  await symlink(join(root, 'tools/store/relpipe@0.1.0/node_modules/relpipe'), join(root, 'tools/node_modules/relpipe'));
  expect(await found('tools/node_modules/relpipe/bin.js')).toBe('1.2.3');
  expect(await found('tools/node_modules/.bin/relpipe')).toBe('1.2.3');
  expect(await found('elsewhere/node_modules/relpipe/bin.js')).toBeUndefined();
  await install('.relpipe/node_modules', 'image', { version: '1.9.0' }, {});
  expect(await found('tools/node_modules/relpipe/bin.js')).toBe('1.9.0');
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

test('all plugins that are missing are one finding, with one command for all of them', async () => {
  const at = (line: number) => ({ file: 'release.pipeline.yaml', line, column: 3, length: 5 });
  const wanted = [{ package: 'image', range: '^1.0.0', at: at(4) }, { package: '@acme/site', range: '*', at: at(5) }, { package: 'web', range: '*', recorded: '2.1.0', at: at(6) }];
  const found = async () => (await loadWantedPlugins(wanted, folder, [])).diagnostics;
  const packages = '"image@^1.0.0" @acme/site web@2.1.0';
  expect(await found()).toEqual([
    {
      severity: 'error', code: 'REL_PLUGIN_NOT_INSTALLED', message: 'The plugins image, @acme/site and web are not installed.', at: at(4),
      hint: `Run \`npm install --prefix ${join(root, '.relpipe')} ${packages}\`.`,
      related: [{ at: at(5), note: '@acme/site is not installed either.' }, { at: at(6), note: 'web is not installed either.' }],
    },
  ]);
  const hints: (string | undefined)[] = [];
  for (const file of ['package.json', 'yarn.lock', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.pnp.cjs']) {
    await writeFile(join(root, 'services', file), '{}');
    hints.push((await found())[0]?.hint?.replaceAll('`', ''));
  }
  const commands = ['npm install -D', 'yarn add -D', 'pnpm add -D', 'pnpm add -D -w'].map((command) => `Run ${command} ${packages} in ${folder}.`);
  expect(hints).toEqual([...commands, `Run npm install --prefix ${join(root, '.relpipe')} ${packages}.`]);
});

test.each([
  ['relpipe', { peerDependencies: { relpipe: '>=99 <100' } }, /^image 1\.2\.3 requires relpipe >=99 <100; this is relpipe \d/],
  ['Node.js', { engines: { node: '<4' } }, /^image 1\.2\.3 requires Node\.js <4; this is Node\.js \d/],
])('a plugin that declares another version of %s is not imported, and both versions are named', async (_, manifest, message) => {
  await install('node_modules', 'image', { main: 'index.js', ...manifest }, { 'index.js': 'throw new Error("imported");' });
  expect((await load('image')).diagnostics).toMatchObject([{ code: 'REL_PLUGIN_ENGINE_MISMATCH', message: expect.stringMatching(message) as string }]);
});

test('a plugin that fits this relpipe, or names none of its versions, is loaded', async () => {
  for (const relpipe of ['>=0.1.0 <100', 'workspace:^', '*']) {
    await install('node_modules', 'image', { main: 'index.js', peerDependencies: { relpipe }, engines: { node: '>=20' } }, { 'index.js': plugin('image') });
    expect(await codes('image')).toEqual([]);
  }
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
