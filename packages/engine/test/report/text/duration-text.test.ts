import { expect, test } from 'vitest';
import { durationText } from '../../../src/report/text/times.ts';

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
