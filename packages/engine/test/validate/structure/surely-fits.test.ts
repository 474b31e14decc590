import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { quantity } from '../../../src/contract/index.ts';
import { surelyFits } from '../../../src/validate/structure/surely-fits.ts';

const schema = () =>
  Type.Object(
    { tag: Type.String({ pattern: '^v[0-9]+$' }), wait: Type.Optional(quantity('duration', 'How long', { minimum: 1_000 })), ports: Type.Array(Type.Integer()) },
    { additionalProperties: false },
  );

const values: readonly [unknown, boolean][] = [
  [{ tag: 'v1', ports: [80] }, true],
  [{ tag: 'v1', ports: [], wait: '2s' }, true],
  [{ tag: 'v1', ports: [], wait: '2 s' }, false],
  [{ tag: 'v1', ports: [], wait: '10ms' }, false],
  [{ tag: '1', ports: [] }, false],
  [{ tag: 'v1', ports: ['80'] }, false],
  [{ tag: 'v1', ports: [], other: 1 }, false],
  [null, false],
];

describe('a schema', () => {
  test('is obeyed in the same way the first time and after hundreds of times', () => {
    const used = schema();
    for (let times = 0; times < 300; times += 1) {
      for (const [value, fits] of values) expect({ times, value, fits: surelyFits(used, value) }).toEqual({ times, value, fits });
    }
  });

  test('that makes no sense never surely fits, however often it is asked', () => {
    const broken = Type.Object({ tag: Type.String({ pattern: '(' }) });
    for (let times = 0; times < 300; times += 1) expect(surelyFits(broken, { tag: 'a' })).toBe(false);
  });
});
