import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fits } from '../../src/schema/fits.ts';
import type { SchemaNode } from '../../src/schema/schema-node.ts';
import { shapeErrors } from '../../src/schema/shape-errors.ts';

const name = fc.constantFrom('a', 'b', 'ab', 'c');
const count = fc.integer({ min: 0, max: 3 });
const number = fc.constantFrom(-1, 0, 0.5, 1, 2, 7);
const text = fc.constantFrom('', 'a', 'ab', 'b', '😀', '😀😀', '7');

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    number,
    text,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const { schema } = fc.letrec<{ schema: SchemaNode }>((tie) => {
  const branches = fc.array(tie('schema'), { minLength: 1, maxLength: 3 });
  const type = fc.constantFrom('null', 'boolean', 'number', 'integer', 'string', 'array', 'object');
  const keywords = {
    type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
    const: value,
    enum: fc.uniqueArray(fc.oneof(number, text, fc.constant(null)), { minLength: 1, maxLength: 3 }),
    anyOf: branches,
    oneOf: branches,
    allOf: branches,
    properties: fc.dictionary(name, tie('schema'), { maxKeys: 3, noNullPrototype: true }),
    patternProperties: fc.dictionary(fc.constantFrom('^a', 'b$', '^.*$'), tie('schema'), { maxKeys: 2, noNullPrototype: true }),
    additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
    required: fc.uniqueArray(name, { maxLength: 2 }),
    dependentRequired: fc.dictionary(name, fc.uniqueArray(name, { maxLength: 2 }), { maxKeys: 2, noNullPrototype: true }),
    minProperties: count,
    maxProperties: count,
    items: fc.oneof(fc.boolean(), tie('schema')),
    prefixItems: branches,
    minItems: count,
    maxItems: count,
    uniqueItems: fc.boolean(),
    minimum: number,
    maximum: number,
    exclusiveMinimum: number,
    exclusiveMaximum: number,
    minLength: count,
    maxLength: count,
    pattern: fc.constantFrom('^a', 'b', '^$', '^.$'),
    description: fc.constant('A field.'),
    default: value,
  };
  // Few keywords at a time: of many, nothing fits.
  const some = fc.subarray(Object.keys(keywords) as (keyof typeof keywords)[], { minLength: 1, maxLength: 3 });
  const node = some.chain((chosen) => fc.record(Object.fromEntries(chosen.map((key) => [key, keywords[key] as fc.Arbitrary<unknown>]))));
  return { schema: fc.oneof({ maxDepth: 3, depthSize: 'small' }, fc.record({ type }), node) };
});

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const plain = { special: () => undefined, unsupported: () => false };

test('a value fits a schema exactly when ajv accepts it', () => {
  fc.assert(
    fc.property(schema, value, (node, given) => {
      expect(fits(node, given, plain)).toBe(ajv.validate(node, given));
    }),
    { numRuns: 1_000 },
  );
});

test('a schema with a keyword that is left to ajv is judged by ajv', () => {
  const even = { type: 'integer', multipleOf: 2 };
  expect(fits(even as SchemaNode, 4, plain)).toBe(false);
  expect(shapeErrors(even, 4)).toEqual([]);
  expect(shapeErrors(even, 3)).toMatchObject([{ keyword: 'multipleOf' }]);
});

test('a pattern that is not a regular expression, and a type that does not exist, are reported by ajv', () => {
  expect(() => shapeErrors({ type: 'string', pattern: '(' }, 'x')).toThrow(/pattern|regular expression/i);
  expect(() => shapeErrors({ type: 'text' }, 'x')).toThrow('type must be JSONType or JSONType[]');
});
