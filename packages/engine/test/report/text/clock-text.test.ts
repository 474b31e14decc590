import { expect, test } from 'vitest';
import { clockIn } from '../../../src/report/text/times.ts';

test('a moment of another day is written with its date, in the zone that was asked for', () => {
  const at = Date.UTC(2026, 10, 20, 23, 30);
  expect(clockIn('UTC').near(at, at)).toBe('23:30:00');
  expect(clockIn('Asia/Tokyo').near(at, at - 12 * 3_600_000)).toBe('2026-11-21 08:30:00');
});
