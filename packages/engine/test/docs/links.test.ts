import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const repository = join(import.meta.dirname, '../../../..');
const isForeign = (path: string): boolean => /(^|[\\/])(node_modules|dist|\.git)$/.test(path);
const pages: string[] = [];
for await (const page of glob('**/*.md', { cwd: repository, exclude: isForeign })) pages.push(page);

test('there are pages', () => {
  expect(pages).toContain('README.md');
});

test.each(pages)('every relative link of %s leads to a file, and to a heading of it where it names one', async (page) => {
  const links = linksIn(await readFile(join(repository, page), 'utf8'));
  const dead: string[] = [];
  for (const link of links) if (!(await leadsSomewhere(link, page))) dead.push(link);
  expect(dead).toEqual([]);
});

/** Targets of links that stay in the repository; code is not looked at. */
function linksIn(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target!).filter((target) => !/^[a-z]+:/.test(target));
}

async function leadsSomewhere(link: string, page: string): Promise<boolean> {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? join(repository, page) : join(repository, dirname(page), path);
  if (relative(repository, target).startsWith('..') || !existsSync(target)) return false;
  return heading === undefined || anchorsIn(await readFile(target, 'utf8')).includes(heading);
}

/** As GitHub makes them of headings. */
const anchorsIn = (text: string): string[] =>
  [...text.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
