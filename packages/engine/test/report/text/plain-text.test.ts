import { describe, expect, test } from 'vitest';
import { headline, plainText } from '../../../src/report/text/plain-text.ts';

describe('text of steps', () => {
  test('the output of a step loses colours, cursor movements, overwritten progress and marks that turn its direction', () => {
    expect(plainText('\u001b[32mok\u001b[0m')).toBe('ok');
    expect(plainText('10%\r50%\r100%')).toBe('100%');
    expect(plainText('abc\u202edcba\u0000')).toBe('abcdcba');
  });

  test('the output of a step keeps its lines, tabs as spaces and every script', () => {
    expect(plainText('a\tb\nПривет 世界 🚀')).toBe('a    b\nПривет 世界 🚀');
  });

  test('the headline of a text is its first line', () => {
    expect(headline('build ended with 1:\n  File "a.py"\nSyntaxError')).toBe('build ended with 1');
    expect(headline('\nCannot push: refused.')).toBe('Cannot push: refused.');
    expect(headline('')).toBe('');
  });
});
