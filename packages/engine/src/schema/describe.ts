import type { ErrorObject } from 'ajv/dist/2020.js';
import { schemaKeyword } from '../contract/schema-words.ts';
import { list } from '../util/phrases.ts';
import { expectsKeyword, type SchemaNode } from './schema-node.ts';
import { isQuantityKind } from './written-form.ts';

/** What a field takes, as the end of "must be …": in the words of the schema, else from its keywords. */
export function expectedOf(error: ErrorObject, schema: SchemaNode): string {
  const { limit } = error.params as { limit?: number };
  if (error.keyword === 'uniqueItems') return 'a list without duplicates';
  if (error.keyword === 'pattern') return schema[expectsKeyword] ?? 'in the expected format';
  return schemaWords(schema) ?? limitWords(error.keyword, limit, schema) ?? typeWords(schema);
}

/** What a missing field takes; undefined when its schema says nothing but a type. */
export const meaningOf = (schema: SchemaNode | undefined): string | undefined =>
  schema && (schemaWords(schema) ?? inSentence(schema.description));

function schemaWords(schema: SchemaNode): string | undefined {
  const own = schema[expectsKeyword];
  const word = schema[schemaKeyword];
  if (own !== undefined) return own;
  if (isQuantityKind(word)) return quantityWords[word];
  if (word === 'secret') return 'a secret: "${{ secrets.NAME }}"';
  if (schema.enum) return list(schema.enum.map(String), 'or');
  return schema.const === undefined ? undefined : JSON.stringify(schema.const);
}

const quantityWords = { duration: 'a duration, e.g. 30s or 24h', percent: 'a percentage, e.g. 10%', size: 'a size, e.g. 512MiB' } as const;

/** `Base URL, e.g. …` inside a sentence; `URL` stays as it is. */
const inSentence = (text: string | undefined): string | undefined => text?.replace(/^[A-Z](?=[a-z ])/, (first) => first.toLowerCase()).replace(/\.$/, '');

function limitWords(keyword: string, limit: number | undefined, schema: SchemaNode): string | undefined {
  switch (keyword) {
    case 'minimum':
      return `${limit} or more`;
    case 'exclusiveMinimum':
      return `more than ${limit}`;
    case 'maximum':
      return `${limit} or less`;
    case 'exclusiveMaximum':
      return `less than ${limit}`;
    case 'minItems':
      return `a list with at least ${limit === 1 ? 'one item' : `${limit} items`}`;
    case 'maxItems':
      return `a list with at most ${limit === 1 ? 'one item' : `${limit} items`}`;
    case 'minProperties':
    case 'maxProperties':
      return `a mapping with ${keyword === 'minProperties' ? 'at least' : 'at most'} ${limit === 1 ? 'one' : limit} of ${keysOf(schema)}`;
    case 'minLength':
      return limit === 1 ? 'a string that is not empty' : `a string of ${limit} characters or more`;
    default:
      return undefined;
  }
}

const keysOf = ({ properties = {} }: SchemaNode): string => list(Object.keys(properties), 'or') || 'its keys';

const typeNouns: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'nothing',
};

function typeWords({ type, properties, anyOf }: SchemaNode): string {
  if (anyOf) return list([...new Set(anyOf.map((branch) => schemaWords(branch) ?? typeWords(branch)))], 'or');
  const types = typeof type === 'string' ? [type] : (type ?? []);
  if (types.length === 0) return 'another value';
  const words = list(types.map((name) => typeNouns[name] ?? name), 'or');
  return types.includes('object') && properties ? `${words} with ${list(Object.keys(properties), 'or')}` : words;
}

/** What is in the file, as the end of "found …". */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty mapping' : 'a mapping';
  if (typeof value === 'string') return value === '' ? 'an empty string' : `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  return JSON.stringify(value);
}
