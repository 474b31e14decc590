import { describe, expect, test } from 'vitest';
import { createEvaluator } from '../../src/expressions/create-evaluator.ts';
import { type InputSources, resolveInputs } from '../../src/plan/inputs.ts';
import type { InputDeclaration } from '../../src/validate/valid-pipeline.ts';
import { input, text } from './pipelines.ts';

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

const problems = (given: Record<string, string>) => resolveInputs(declared, { given: { version: '1.0.0', ...given } }).findings;

test('inputs are read by their type and kept in canonical form', () => {
  const given = { version: '1.4.0', weight: '5.0%', phase: '90m', strategy: 'canary', loud: 'true', count: '3', names: 'a, b', settings: '{"a":1}' };

  expect(resolveInputs(declared, { given })).toMatchObject({
    values: { version: '1.4.0', weight: '5%', phase: '1h30m', strategy: 'canary', loud: true, count: 3, names: ['a', 'b'], settings: { a: 1 } },
    findings: [],
  });
});

test('an input without a value has its default, or is missing', () => {
  expect(resolveInputs(declared, { given: { version: '1.4.0' } }).values).toEqual({ version: '1.4.0', weight: '10%', phase: '24h' });
});

test('a required input without a value is a finding at its declaration', () => {
  expect(resolveInputs(declared, { given: {} }).findings).toMatchObject([{ code: 'REL_INPUT_MISSING', hint: 'Add --input version=1.4.0', at: { line: 7 } }]);
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
  expect(resolveInputs(declared, { given: { version: '1.4.0', [name]: text } }).values[name]).toEqual(value);
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

test.each([
  ['2026-12-01T09:00:00Z', '2026-12-01T09:00:00Z'],
  ['2026-12-01t10:00:00.250+01:00', '2026-12-01T09:00:00.250Z'],
  ['2024-02-29T23:59:59-00:30', '2024-03-01T00:29:59Z'],
])('the time %s is kept as %s', (written, canonical) => {
  expect(resolveInputs([input('since', 'time')], { given: { since: written } }).values).toEqual({ since: canonical });
});

test.each(['2026-12-01', '2026-12-01T09:00:00', '2026-02-30T09:00:00Z', '2026-12-01T24:00:00Z', '2026-12-01T09:00:60Z', '2026-13-01T09:00:00Z', 'tomorrow'])(
  '%s is not a time',
  (written) => {
    expect(resolveInputs([input('since', 'time')], { given: { since: written } }).findings).toMatchObject([{ code: 'REL_INPUT_INVALID' }]);
  },
);

test('a pattern has to match the whole text', () => {
  const tag = input('tag', 'string', { pattern: 'v[0-9]+' });
  const findingsFor = (value: string) => resolveInputs([tag], { given: { tag: value } }).findings.map(({ message }) => message);

  expect(findingsFor('v12')).toEqual([]);
  expect(findingsFor('v12-rc')).toEqual([expect.stringContaining('it does not match the pattern v[0-9]+ as a whole')]);
});

describe('defaults that read something', () => {
  const release: readonly InputDeclaration[] = [
    input('version', 'semver', { required: true, default: text('${{ inputs.tag.version }}') }),
    input('tag', 'string', { default: text('${{ ci.tag }}'), pattern: 'v(?P<version>.+)' }),
    input('live', 'semver', { required: true, default: text("${{ history('engine')[0].inputs.version }}") }),
    input('phase', 'duration', { default: '24h' }),
  ];
  const types = { version: 'semver', tag: 'string', live: 'semver', phase: 'duration' } as const;
  const evaluator = createEvaluator({ inputs: types, steps: {}, secrets: [], patterns: { tag: 'v(?P<version>.+)' } });
  const history = { engine: [{ run: '20261129-1200-abcd', inputs: { version: '1.3.0' }, outputs: {}, types: { version: 'semver' as const } }] };
  const inCi = { system: 'GitHub Actions', values: { tag: 'v1.4.0' } };
  const resolved = (sources: Partial<InputSources> = {}) => resolveInputs(release, { given: {}, evaluator, history, ci: inCi, ...sources });

  test('take their values from the CI, the record of runs and other inputs, and the record says from where', () => {
    expect(resolved()).toEqual({
      values: { version: '1.4.0', tag: 'v1.4.0', live: '1.3.0', phase: '24h' },
      origins: {
        version: { from: 'default', detail: 'inputs.tag' },
        tag: { from: 'ci', detail: 'ci.tag of GitHub Actions' },
        live: { from: 'history', detail: 'run 20261129-1200-abcd' },
        phase: { from: 'default' },
      },
      findings: [],
    });
  });

  test('are not asked where the input is given, or has a value in the environment', () => {
    const { values, origins, findings } = resolved({ given: { version: '2.0.0' }, environment: { name: 'staging', values: { live: '1.9.0', phase: '2h' } }, ci: undefined as never });

    expect(values).toEqual({ version: '2.0.0', live: '1.9.0', phase: '2h' });
    expect(origins).toEqual({ version: { from: 'given' }, live: { from: 'environment', detail: 'staging' }, phase: { from: 'environment', detail: 'staging' } });
    expect(findings).toEqual([]);
  });

  test('what is given wins over the environment', () => {
    expect(resolved({ given: { phase: '1h' }, environment: { name: 'staging', values: { phase: '2h' } } }).values['phase']).toBe('1h');
  });

  test('without a value count as no default: an optional input has none, and a required one is missing', () => {
    const { values, findings } = resolved({ ci: { system: 'GitHub Actions', values: {} }, history: { engine: [] } });

    expect(values).toEqual({ phase: '24h' });
    expect(findings).toMatchObject([
      { code: 'REL_INPUT_MISSING', message: expect.stringContaining('it reads inputs.tag.version') as string },
      { code: 'REL_INPUT_MISSING', message: expect.stringContaining('it reads history(\'engine\')[0].inputs.version') as string },
    ]);
  });

  test('of another type or outside of the limits are findings, and what follows from them is not reported as well', () => {
    const findings = resolved({ ci: { system: 'GitHub Actions', values: { tag: 'release-7' } } }).findings;
    expect(findings).toMatchObject([{ code: 'REL_INPUT_INVALID', message: expect.stringContaining('"release-7"') as string }]);
    expect(resolved({ ci: { system: 'GitHub Actions', values: { tag: 'vX' } } }).findings).toMatchObject([{ code: 'REL_INPUT_INVALID', message: expect.stringContaining('the input "version"') as string }]);
  });
});
