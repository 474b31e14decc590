import { expect, test } from 'vitest';
import { resolveQuery } from '../../src/query/moments.ts';

test.each([
  ['rate(a[$window]) / rate(b[$window])', 57_000, 'rate(a[57s]) / rate(b[57s])'],
  ['rate(a[${window}])', 3_600_000, 'rate(a[3600s])'],
  ['rate(a[$window])', 57_999, 'rate(a[57s])'],
  ['rate(a[$window])', 250, 'rate(a[250ms])'],
  ['a{b="$windowed"}', 57_000, 'a{b="$windowed"}'],
])('%s over %d ms is %s', (query, windowMs, resolved) => {
  expect(resolveQuery(query, windowMs)).toBe(resolved);
});
