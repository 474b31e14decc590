import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly author?: string;
  readonly keywords?: readonly string[];
  readonly homepage?: string;
  readonly bugs?: unknown;
  readonly repository?: { readonly url: string; readonly directory?: string };
  readonly publishConfig?: unknown;
  readonly files?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
}

const read = (folder: string): Manifest => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;

const workspace = read('.');
const published = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`).filter((folder) => read(folder).private !== true);

test('there are published packages to check', () => {
  expect(published.length).toBeGreaterThanOrEqual(8);
});

test.each(published)('npm shows where %s comes from, as the root of the repository says', (folder) => {
  const { author, bugs, homepage, keywords, name, publishConfig, repository } = read(folder);
  expect({ author, bugs, repository }).toEqual({ author: workspace.author, bugs: workspace.bugs, repository: { ...workspace.repository, directory: folder } });
  expect(homepage).toBe(workspace.homepage?.replace('#readme', `/tree/main/${folder}#readme`));
  expect(keywords).not.toEqual([]);
  expect(publishConfig).toEqual(name.startsWith('@') ? { access: 'public' } : undefined);
});

test.each(published)('npm does not install %s on Windows, where relpipe does not run yet', (folder) => {
  expect(read(folder).os).toEqual(['!win32']);
});

test.each(published)('%s is packed with its changelog and source maps, and `check` looks into the tarball', (folder) => {
  const { files, scripts } = read(folder);
  expect(files).toEqual(expect.arrayContaining(['CHANGELOG.md', 'dist']));
  expect(scripts).toMatchObject({
    prepack: expect.stringMatching(/--sourcemap.*CHANGELOG\.md/) as string,
    'check:package': expect.stringContaining('check-tarball.ts') as string,
  });
});
