import { expect, test } from 'vitest';
import { resolveInputs } from '../../src/plan/inputs.ts';
import { input } from './pipelines.ts';

const declared = [
  input('version', 'semver', { required: true }),
  input('weight', 'percent', { default: '10%', min: '5%', max: '50%' }),
  input('phase', 'duration', { default: '24h' }),
  input('strategy', 'choice', { options: ['direct', 'canary'] }),
  input('loud', 'boolean'),
  input('count', 'integer'),
  input('names', 'list'),
  input('settings', 'map'),
];

const problems = (given: Record<string, string>) => resolveInputs(declared, { version: '1.0.0', ...given }).findings;

test('inputs are read by their type and kept in canonical form', () => {
  const given = { version: '1.4.0', weight: '5.0%', phase: '90m', strategy: 'canary', loud: 'true', count: '3', names: 'a, b', settings: '{"a":1}' };

  expect(resolveInputs(declared, given)).toEqual({
    values: { version: '1.4.0', weight: '5%', phase: '1h30m', strategy: 'canary', loud: true, count: 3, names: ['a', 'b'], settings: { a: 1 } },
    findings: [],
  });
});

test('an input without a value has its default, or is missing', () => {
  expect(resolveInputs(declared, { version: '1.4.0' }).values).toEqual({ version: '1.4.0', weight: '10%', phase: '24h' });
});

test('a required input without a value is a finding at its declaration', () => {
  expect(resolveInputs(declared, {}).findings).toMatchObject([{ code: 'REL_INPUT_MISSING', hint: 'Add --input version=1.4.0', at: { line: 7 } }]);
});

test('an unknown input is a finding that suggests a known one', () => {
  expect(problems({ wieght: '10%' })).toMatchObject([{ code: 'REL_INPUT_UNKNOWN', hint: 'Did you mean "weight"?' }]);
});

test.each([
  ['weight', '10', 'it is not a percent', 'Did you mean 10%?'],
  ['weight', '60%', 'above the maximum 50%', 'The declaration of the input lists its limits and options.'],
  ['weight', '1%', 'below the minimum 5%', 'The declaration of the input lists its limits and options.'],
  ['version', 'v1.4.0', 'it is not a version', 'Did you mean 1.4.0?'],
  ['strategy', 'blue', 'it must be direct or canary', 'The declaration of the input lists its limits and options.'],
  ['loud', 'yes', 'neither true nor false', 'Write true or false.'],
  ['count', '1.5', 'not a whole number', 'Write it like 3.'],
  ['settings', '[1]', 'not a map', 'Write it as JSON: {"name":"value"}.'],
  ['settings', '{"$secret":"TOKEN"}', 'it contains the key "$secret", which is reserved', 'Use another key, or pass the value as a string.'],
  ['settings', '{"a":[{"$expr":"1 + 1"}]}', 'it contains the key "$expr", which is reserved', 'Use another key, or pass the value as a string.'],
  ['names', '[{"$text":["a"]}]', 'it contains the key "$text", which is reserved', 'Use another key, or pass the value as a string.'],
  ['names', '[{"$later":"inputs.loud"}]', 'it contains the key "$later", which is reserved', 'Use another key, or pass the value as a string.'],
])('the input %s cannot be %s', (name, text, problem, hint) => {
  const [finding] = problems({ [name]: text });

  expect(finding).toMatchObject({ code: 'REL_INPUT_INVALID', hint, at: { line: 7 } });
  expect(finding!.message).toContain(problem);
});

test.each([
  ['names', 'lead,engineer', ['lead', 'engineer']],
  ['names', '["lead","engineer"]', ['lead', 'engineer']],
  ['names', '[lead,engineer]', ['lead', 'engineer']],
  ['names', "[ 'lead, first', 2, true, { a: b } ]", ['lead, first', 2, true, { a: 'b' }]],
  ['names', '[]', []],
  ['settings', '{ a: 1, b: [c] }', { a: 1, b: ['c'] }],
])('the input %s can be written as in YAML: %s', (name, text, value) => {
  expect(resolveInputs(declared, { version: '1.4.0', [name]: text }).values[name]).toEqual(value);
});

test.each([
  ['names', '[lead'],
  ['names', '[&a x, *a]'],
  ['names', '[!!str x]'],
  ['names', '[3.10, x]'],
  ['names', '[{ $expr: x }]'],
  ['names', '['.repeat(50_000)],
  ['settings', '{ a: 1, a: 2 }'],
  ['settings', 'a: 1'],
])('the input %s is refused as it would be in the file: %s', (name, text) => {
  expect(problems({ [name]: text })).toMatchObject([{ code: 'REL_INPUT_INVALID' }]);
});
