import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalVersion, compareVersions, isStable, parseVersion } from '../../src/names/versions.ts';
import { versions } from '../support/versions.ts';

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
  ['1.0.dev20261120123456789', '1.dev20261120123456789'],
  ['1.0+1234e56', '1+1234e56'],
  ['1.0+0x10.9e99999', '1+0x10.9e99999'],
])('the canonical spelling of %s is %s', (written, canonical) => {
  expect(canonicalVersion(written)).toBe(canonical);
});

test.each(['', 'latest', '1.4.x', '1..4', '1.0+', '1.0-beta-gamma', '1.4.0 && rm', '٣'])('%j is not a valid version', (written) => {
  expect(canonicalVersion(written)).toBeUndefined();
});

const order = (a: string, b: string) => Math.sign(compareVersions(parseVersion(a)!, parseVersion(b)!));

test('versions are ordered as PEP 440 orders them', () => {
  const inOrder = [
    '0.9', '1.0.dev1', '1.0a1.dev1', '1.0a1', '1.0a1.post1.dev2', '1.0a1.post1', '1.0a2', '1.0b1', '1.0rc1', '1.0', '1.0+1234e56', '1.0+9e99999',
    '1.0+a', '1.0+a.1', '1.0+1', '1.0+1.1', '1.0+10', '1.0.post1.dev1', '1.0.post1', '1.0.1', '1.9', '1.10', '2026.11.20.123456789012345678901',
    '2026.11.20.123456789012345678902', '1!0.1',
  ];
  for (const [at, version] of inOrder.entries())
    expect(inOrder.map((other) => [other, order(version, other)])).toEqual(inOrder.map((other, i) => [other, Math.sign(at - i)]));
});

test('two versions are the same exactly when their canonical spellings are, and swapping them reverses their order', () => {
  fc.assert(
    fc.property(versions, versions, (a, b) => {
      expect(order(a, b) === 0).toBe(canonicalVersion(a) === canonicalVersion(b));
      expect(order(a, b) + order(b, a)).toBe(0);
    }),
  );
});

test('a version that comes before a second one comes before every version after the second one', () => {
  fc.assert(
    fc.property(versions, versions, versions, (a, b, c) => {
      fc.pre(order(a, b) <= 0 && order(b, c) <= 0);
      expect(order(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});

test('a version is stable when it is neither a pre-release nor a development release', () => {
  const stable = ['1.0', '1.0.post1', '1.0+local', '1.0a1', '1.0rc1', '1.0.dev1', '1.0.post1.dev1'].filter((text) => isStable(parseVersion(text)!));
  expect(stable).toEqual(['1.0', '1.0.post1', '1.0+local']);
});
