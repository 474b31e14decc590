import { expect, test } from 'vitest';
import { canonicalVersion } from '../../src/names/canonical-version.ts';

test.each([
  ['1.4.0', '1.4'],
  ['v1.4', '1.4'],
  [' 1.4 ', '1.4'],
  ['1.04.00', '1.4'],
  ['0.0.0', '0'],
  ['10.0', '10'],
  ['1!2.0', '1!2'],
  ['1.0-RC.1', '1rc1'],
  ['1.0c1', '1rc1'],
  ['1.0pre', '1rc0'],
  ['1.1.alpha_3', '1.1a3'],
  ['1.1.beta', '1.1b0'],
  ['1.0-1', '1.post1'],
  ['1.0.rev4', '1.post4'],
  ['1.0post', '1.post0'],
  ['1.2-DEV03', '1.2.dev3'],
  ['1.2a1.post2.dev3', '1.2a1.post2.dev3'],
  ['1.0+Ubuntu-01_b.007', '1+ubuntu.1.b.7'],
  ['2026.11.20.123456789012345678901', '2026.11.20.123456789012345678901'],
])('%s is %s', (written, canonical) => {
  expect(canonicalVersion(written)).toBe(canonical);
});

test.each(['', 'latest', '1.4.x', '1..4', '1.0+', '1.0-beta-gamma', '1.4.0 && rm', '٣'])(
  '%j is no version',
  (written) => {
    expect(canonicalVersion(written)).toBeUndefined();
  },
);
