import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/errors/diagnostic.ts';
import { printDiagnostics } from '../../src/errors/print-diagnostics.ts';

const file = '/project/release.pipeline.yaml';
const found = (line: number, column: number, length: number, more: Partial<Diagnostic> = {}): Diagnostic => ({
  severity: 'error',
  code: 'REL_SAMPLE',
  message: 'Wrong.',
  at: { file, line, column, length },
  ...more,
});
const print = (source: string, ...diagnostics: readonly Diagnostic[]) =>
  printDiagnostics(diagnostics, new Map([[file, source]]), { from: '/project' });

test('a finding shows its place, its line with a caret, further places and the hint', () => {
  const related = [{ at: { file, line: 1, column: 1, length: 4 }, note: 'the first one' }];
  expect(print('name: a\nname: b\n', found(2, 1, 4, { hint: 'Keep one.', related }))).toBe(`\
release.pipeline.yaml:2:1: error REL_SAMPLE: Wrong.
    2 | name: b
      | ^^^^
  release.pipeline.yaml:1:1: the first one
    1 | name: a
      | ^^^^
  hint: Keep one.

1 error
`);
});

test('the caret stands under its text behind tabs and wide characters', () => {
  const [, line, caret] = print('\t日本: x', found(1, 6, 1)).split('\n');
  expect(line).toBe('    1 |   日本: x');
  expect(caret).toBe('      |         ^');
});

test('a very long line is cut around the caret', () => {
  const [, line, caret] = print(`${'a'.repeat(5000)}HERE${'b'.repeat(5000)}`, found(1, 5001, 4)).split('\n');
  expect(line?.length).toBeLessThan(120);
  expect(line?.slice(caret?.indexOf('^'), caret?.lastIndexOf('^'))).toBe('HER');
});

test('escape sequences of the file do not reach the terminal', () => {
  const printed = print('run: \u001b[31mred', found(1, 6, 3, { message: 'Not \u001b[31mthis.' }));
  expect(printed).not.toContain('\u001b');
});

test('errors and warnings are counted', () => {
  expect(print('a', found(1, 1, 1), found(1, 1, 1), found(1, 1, 1, { severity: 'warning' }))).toMatch(/\n2 errors, 1 warning\n$/);
});

test('a finding without a place, or in a file that is not at hand, is printed without a line', () => {
  const placeless: Diagnostic = { severity: 'error', code: 'REL_SAMPLE', message: 'Wrong.' };
  expect(print('a', placeless)).toBe('error REL_SAMPLE: Wrong.\n\n1 error\n');
  expect(printDiagnostics([found(1, 1, 1)], new Map(), { from: '/project' })).toBe('release.pipeline.yaml:1:1: error REL_SAMPLE: Wrong.\n\n1 error\n');
});
