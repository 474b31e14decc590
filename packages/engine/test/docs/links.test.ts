import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const repository = join(import.meta.dirname, '../../../..');
const isForeign = (path: string): boolean => /(^|[\\/])(node_modules|dist|\.git)$/.test(path);
const readManifest = async (folder: string): Promise<unknown> => JSON.parse(await readFile(join(repository, folder, 'package.json'), 'utf8'));
const npm = 'https://www.npmjs.com/package/';
/** Where the repository shows its files. */
const files = `${((await readManifest('.')) as { homepage: string }).homepage.replace('#readme', '')}/blob/main/`;
const pages: string[] = [];
for await (const page of glob('**/*.md', { cwd: repository, exclude: isForeign })) pages.push(page);

test('there are pages', () => {
  expect(pages).toContain('README.md');
});

const published = pages.filter((page) => /^packages\/[^/]+\/README\.md$/.test(page));

test.each(published)('every link of %s leads somewhere also where the package is shown alone, as on npm', async (page) => {
  const links = linksIn(await readFile(join(repository, page), 'utf8'));
  const names = await Promise.all(published.map(async (other) => ((await readManifest(dirname(other))) as { name: string }).name));
  const [ofPackages, others] = [links.filter((link) => link.startsWith(npm)), links.filter((link) => !link.startsWith(npm))];
  expect(ofPackages.filter((link) => !names.includes(link.slice(npm.length)))).toEqual([]);
  expect(others.filter((link) => !/^#|^[a-z]+:/.test(link))).toEqual([]);
  expect(others.filter((link) => link.includes('/relpipe/') && !link.startsWith(files))).toEqual([]);
});

test.each(pages)('every link of %s into the repository leads to a file, and to a heading of it where it names one', async (page) => {
  const links = linksIn(await readFile(join(repository, page), 'utf8'));
  const dead: string[] = [];
  for (const link of links.filter(isInRepository)) {
    const isFromRoot = link.startsWith(files);
    if (!(await leadsSomewhere(isFromRoot ? link.slice(files.length) : link, isFromRoot ? 'README.md' : page))) dead.push(link);
  }
  expect(dead).toEqual([]);
});

/** Targets of links; code is not looked at. */
function linksIn(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target!);
}

const isInRepository = (target: string): boolean => target.startsWith(files) || !/^[a-z]+:/.test(target);

async function leadsSomewhere(link: string, page: string): Promise<boolean> {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? join(repository, page) : join(repository, dirname(page), path);
  if (relative(repository, target).startsWith('..') || !existsSync(target)) return false;
  return heading === undefined || anchorsIn(await readFile(target, 'utf8')).includes(heading);
}

/** As GitHub makes them of headings. */
const anchorsIn = (text: string): string[] =>
  [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
