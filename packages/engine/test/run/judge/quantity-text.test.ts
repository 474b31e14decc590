import { expect, test } from 'vitest';
import { quantityText } from '../../../src/run/judge/texts.ts';

test.each([
  [0.0123, 'ratio', '1.23 %'],
  [0.18, 'seconds', '180 ms'],
  [2.5, 'seconds', '2.5 s'],
  [0, 'bytes', '0 B'],
  [536_870_912, 'bytes', '512 MiB'],
  [1, 'yes-no', 'true'],
  [12_345.6, 'per-second', '12346 /s'],
] as const)('%d as %s is written as %s', (value, unit, text) => {
  expect(quantityText(value, unit)).toBe(text);
});
