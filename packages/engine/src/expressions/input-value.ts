import parseVersion from 'semver/functions/parse.js';
import { type Document, parseDocument, visit } from 'yaml';
import type { Json } from '../contract/index.ts';
import { list, withArticle } from '../util/phrases.ts';
import { readNumber } from './quantities/decimal.ts';
import { parseQuantity, printQuantity } from './quantities/quantity.ts';
import { parseTime, printTime } from './quantities/time.ts';
import { reservedKeyProblem } from './reserved-keys.ts';
import type { TypeName } from './scope.ts';

/** The value of an input in canonical form, or why it is not valid. */
export type InputValue =
  { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string; readonly hint: string };

/** Reads the value after `--input name=`. The options of a choice are not checked here. */
export function parseInput(type: TypeName, text: string): InputValue {
  switch (type) {
    case 'percent':
    case 'duration':
    case 'size':
      return parseAmount(type, text);
    case 'semver':
      return parseSemver(text);
    case 'time':
      return parseInstant(text);
    case 'number':
    case 'integer':
      return parseCount(type, text);
    case 'boolean':
      return text === 'true' || text === 'false'
        ? { ok: true, value: text === 'true' }
        : wrong('it is neither true nor false', 'Write true or false.');
    case 'list':
      return text.trimStart().startsWith('[') ? parseCollection(text, Array.isArray, 'list') : { ok: true, value: splitList(text) };
    case 'map':
      return parseCollection(text, (value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'map');
    case 'string':
    case 'choice':
    case 'path':
      return { ok: true, value: text };
  }
}

/**
 * A value of the file, or of an expression in it. There, a number is a number and a list is a list; on the command line, everything is a
 * string.
 */
export function inputValue(type: TypeName, value: Json): InputValue {
  if (typeof value === 'object') return asCollection(value, type);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const parsed = parseInput(type, text);
  const isUnquoted = typeof value !== 'string';
  if (!parsed.ok || !isUnquoted || typeof parsed.value === typeof value || type === 'choice') return parsed;
  return wrong(`it is a ${typeof value}, not ${withArticle(type)}`, `Write "${text}" in quotes.`);
}

function asCollection(value: Extract<Json, object> | null, type: TypeName): InputValue {
  const kind = Array.isArray(value) ? 'list' : 'map';
  return type === kind ? { ok: true, value } : wrong(`it is a ${kind}, not ${withArticle(type)}`, `Write it like ${examples[type]}.`);
}

function parseAmount(kind: 'percent' | 'duration' | 'size', text: string): InputValue {
  const parsed = parseQuantity(kind, text);
  if (parsed.ok) return { ok: true, value: printQuantity(kind, parsed.value) };
  const hint = parsed.likely.length > 0 ? `Did you mean ${list(parsed.likely, 'or')}?` : `Write it like ${examples[kind]}.`;
  return wrong(`it is not ${kind === 'percent' ? 'a percentage' : `a ${kind}`}`, hint);
}

function parseSemver(text: string): InputValue {
  if (/^\d/.test(text) && parseVersion(text)) return { ok: true, value: text };
  const bare = text.replace(/^v/, '');
  const hint = parseVersion(bare) ? `Did you mean ${bare}?` : 'Write it like 1.4.0, see https://semver.org.';
  return wrong('it is not a version', hint);
}

function parseInstant(text: string): InputValue {
  const ms = parseTime(text);
  return ms === undefined ? wrong('it is not a time', `Write it with its zone, like ${examples.time}.`) : { ok: true, value: printTime(ms) };
}

function parseCount(type: 'number' | 'integer', text: string): InputValue {
  const number = readNumber(text.trim());
  if (number === undefined) return wrong(`it is not ${withArticle(type)}`, `Write it like ${examples[type]}.`);
  if (type === 'integer' && !Number.isSafeInteger(number)) return wrong('it is not a whole number', `Write it like ${examples.integer}.`);
  return { ok: true, value: number };
}

function parseCollection(text: string, isRight: (value: unknown) => boolean, type: 'list' | 'map'): InputValue {
  const hint = type === 'list' ? 'Write a,b,c or ["a","b","c"].' : 'Write it as JSON: {"name":"value"}.';
  const read = readFlow(text);
  if ('problem' in read) return wrong(read.problem, hint);
  const reserved = reservedKeyProblem(read.value);
  if (reserved !== undefined) return wrong(reserved, 'Use another key, or pass the value as a string.');
  return isRight(read.value) ? { ok: true, value: read.value } : wrong(`it is not a ${type}`, hint);
}

/** JSON, or else the flow style of YAML, as in the file: `[a, b]`, `{ a: 1 }`. */
function readFlow(text: string): { readonly value: Json } | { readonly problem: string } {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return readYamlFlow(text);
  }
}

function readYamlFlow(text: string): { readonly value: Json } | { readonly problem: string } {
  const invalid = { problem: 'it is neither JSON nor YAML in one line' };
  if (!/^\s*[[{]/.test(text)) return invalid;
  try {
    const document = parseDocument(text, { version: '1.2', schema: 'core', stringKeys: true, prettyErrors: false, logLevel: 'silent' });
    if (document.errors.length > 0 || document.warnings.length > 0 || hasTag(document)) return invalid;
    const rewritten = rewrittenNumber(document);
    if (rewritten !== undefined) return { problem: `the number ${rewritten} in it would be read as ${Number(rewritten)}, so it must be in quotes` };
    return { value: document.toJS({ maxAliasCount: 0 }) as Json };
  } catch {
    // Aliases, or nested too deeply.
    return invalid;
  }
}

function hasTag(document: Document): boolean {
  let found = false;
  visit(document, { Value: (_, { tag }) => void (found ||= tag !== undefined) });
  return found;
}

/** The first number that is printed differently from how it is written, as in the file. */
function rewrittenNumber(document: Document): string | undefined {
  let found: string | undefined;
  visit(document, {
    Scalar: (_, { type, value, source }) => {
      if (type === 'PLAIN' && typeof value === 'number' && source !== undefined && String(value) !== source) found ??= source;
    },
  });
  return found;
}

const splitList = (text: string): readonly string[] => (text.trim() === '' ? [] : text.split(',').map((entry) => entry.trim()));

const wrong = (problem: string, hint: string): InputValue => ({ ok: false, problem, hint });

/** The written form of each type. */
export const examples: Readonly<Record<TypeName, string>> = {
  string: 'text',
  path: 'some/folder',
  choice: 'option',
  boolean: 'true',
  number: '0.5',
  integer: '3',
  semver: '1.4.0',
  percent: '10%',
  duration: '24h',
  size: '512MiB',
  time: '2026-12-01T09:00:00Z',
  list: 'a,b',
  map: '{"name":"value"}',
};
