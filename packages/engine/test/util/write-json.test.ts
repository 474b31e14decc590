import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { writeJson } from '../../src/util/write-json.ts';

const prototypes = [Object.prototype, Array.prototype] as readonly { toJSON?: () => unknown }[];

afterEach(() => prototypes.forEach((prototype) => delete prototype.toJSON));

test('data is written as JSON.stringify writes it, also when a library has given all objects a toJSON', () => {
  const field = fc.oneof(fc.jsonValue(), fc.constant(undefined));
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(fc.string(), field), fc.array(field)), (value) => {
      const expected = JSON.stringify(value);
      expect(writeJson(value)).toBe(expected);
      for (const prototype of prototypes) {
        prototype.toJSON = () => 'not the data';
        expect(writeJson(value)).toBe(expected);
        delete prototype.toJSON;
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});
