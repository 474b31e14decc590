import { describe, expect, test } from 'vitest';
import { clockIn } from '../../../src/report/text/clock-text.ts';
import { durationText } from '../../../src/report/text/duration-text.ts';
import { plainText } from '../../../src/report/text/plain-text.ts';
import { quantityText } from '../../../src/run/judge/quantity-text.ts';
import { weightIn } from '../../../src/report/weight-in.ts';

test.each([
  [0, '0 ms'],
  [412, '412 ms'],
  [1_240, '1.2 s'],
  [9_960, '10 s'],
  [59_600, '1 m 00 s'],
  [3_599_600, '1 h 00 m'],
  [86_400_000, '1 d 0 h'],
  [-1500, '-1.5 s'],
])('%i ms are written as %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test.each([
  [0.0123, 'ratio', '1.23 %'],
  [0.18, 'seconds', '180 ms'],
  [2.5, 'seconds', '2.5 s'],
  [0, 'bytes', '0 B'],
  [536_870_912, 'bytes', '512 MiB'],
  [1, 'yes-no', 'yes'],
  [12_345.6, 'per-second', '12346 /s'],
] as const)('%d as %s is written as %s', (value, unit, text) => {
  expect(quantityText(value, unit)).toBe(text);
});

describe('text of steps', () => {
  test('loses colours, cursor movements, overwritten progress and marks that turn its direction', () => {
    expect(plainText('\u001b[32mok\u001b[0m')).toBe('ok');
    expect(plainText('10%\r50%\r100%')).toBe('100%');
    expect(plainText('abc\u202edcba\u0000')).toBe('abcdcba');
  });

  test('keeps its lines, tabs as spaces and every script', () => {
    expect(plainText('a\tb\nПривет 世界 🚀')).toBe('a    b\nПривет 世界 🚀');
  });
});

test.each([
  [{ weight: 10 }, 10],
  [{ weight: '12.5%' }, 12.5],
  [{ weight: 'heavy' }, undefined],
  [{ weight: null }, undefined],
  [[10], undefined],
  [null, undefined],
])('the weight in %j is %j', (output, weight) => {
  expect(weightIn(output)).toBe(weight);
});

test('a moment of another day is written with its date, in the zone that was asked for', () => {
  const at = Date.UTC(2026, 10, 20, 23, 30);
  expect(clockIn('UTC').near(at, at)).toBe('23:30:00');
  expect(clockIn('Asia/Tokyo').near(at, at - 12 * 3_600_000)).toBe('2026-11-21 08:30:00');
});
