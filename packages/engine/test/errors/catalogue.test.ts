import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorTexts } from '../../src/errors/catalogue.ts';

const page = await readFile(join(import.meta.dirname, '../../../../docs/errors.md'), 'utf8');
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n')).replace(/^## .*/ms, '').trim()]),
);

test('every section of the page about errors is about a code that exists', () => {
  expect([...sections.keys()].filter((code) => !(code in errorTexts))).toEqual([]);
});

test.each(Object.keys(errorTexts))('%s has a section that says what it means and what to do', (code) => {
  expect(sections.get(code)).toMatch(/\bWhat to do: /);
});

test('no code has two sections', () => {
  const headings = page.match(/^### .*/gm) ?? [];
  expect(headings.length).toBe(sections.size);
});
