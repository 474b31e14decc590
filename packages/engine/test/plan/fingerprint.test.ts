import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/util/canonical-json.ts';

describe('canonical JSON', () => {
  test('says the same of the same value, whatever the order of its keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'ü"' }], a: true })).toBe('{"a":true,"b":[1,{"c":"ü\\"","d":null}]}');
    expect(canonicalJson({ 9: 1, 10: 2, a: 3 })).toBe(canonicalJson({ a: 3, 10: 2, 9: 1 }));
  });

  test('leaves out what is undefined', () => {
    expect(canonicalJson({ a: undefined, b: { c: undefined } })).toBe('{"b":{}}');
  });

  test('is JSON of the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
