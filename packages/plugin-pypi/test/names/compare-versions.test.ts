import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalVersion } from '../../src/names/canonical-version.ts';
import { compareVersions, isStable } from '../../src/names/compare-versions.ts';
import { parseVersion } from '../../src/names/parse-version.ts';
import { versions } from '../support/versions.ts';

const order = (a: string, b: string) => Math.sign(compareVersions(parseVersion(a)!, parseVersion(b)!));

test('versions are ordered as PEP 440 orders them', () => {
  const inOrder = [
    '0.9', '1.0.dev1', '1.0a1.dev1', '1.0a1', '1.0a1.post1.dev2', '1.0a1.post1', '1.0a2', '1.0b1', '1.0rc1', '1.0', '1.0+a', '1.0+a.1',
    '1.0+1', '1.0+1.1', '1.0+10', '1.0.post1.dev1', '1.0.post1', '1.0.1', '1.9', '1.10', '2026.11.20.123456789012345678901',
    '2026.11.20.123456789012345678902', '1!0.1',
  ];
  for (const [at, version] of inOrder.entries())
    expect(inOrder.map((other) => [other, order(version, other)])).toEqual(inOrder.map((other, i) => [other, Math.sign(at - i)]));
});

test('versions are the same exactly when their canonical spellings are, and the order is turned round with the sides', () => {
  fc.assert(
    fc.property(versions, versions, (a, b) => {
      expect(order(a, b) === 0).toBe(canonicalVersion(a) === canonicalVersion(b));
      expect(order(a, b) + order(b, a)).toBe(0);
    }),
  );
});

test('what comes before a version comes before everything that is behind it', () => {
  fc.assert(
    fc.property(versions, versions, versions, (a, b, c) => {
      fc.pre(order(a, b) <= 0 && order(b, c) <= 0);
      expect(order(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});

test('stable is what is neither a pre-release nor in development', () => {
  const stable = ['1.0', '1.0.post1', '1.0+local', '1.0a1', '1.0rc1', '1.0.dev1', '1.0.post1.dev1'].filter((text) => isStable(parseVersion(text)!));
  expect(stable).toEqual(['1.0', '1.0.post1', '1.0+local']);
});
