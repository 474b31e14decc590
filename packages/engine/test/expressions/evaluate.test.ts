import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/contract/index.ts';
import { createEvaluator } from '../../src/expressions/create-evaluator.ts';
import { resolveValue } from '../../src/expressions/value.ts';
import { parseTemplated } from '../../src/expressions/templates/parse-templated.ts';
import type { Scope, ScopeTypes } from '../../src/expressions/scope.ts';

const types: ScopeTypes = {
  inputs: { version: 'semver', weight: 'percent', phase: 'duration', memory: 'size', count: 'integer', ratio: 'number', names: 'list' },
  steps: {
    'build-it': { outputs: { digest: 'string', weight: 'percent', extra: 'any' } },
    unit: { outputs: { coverage: 'percent' }, matrix: { python: 'string' } },
  },
  secrets: [],
};

const scope: Scope = {
  inputs: { version: '1.4.0-rc.1', weight: '10%', phase: '24h', memory: '512MiB', count: 3, ratio: 0.5, names: ['a', 'b'] },
  steps: {
    'build-it': { outputs: { digest: 'sha256:1', weight: '50%', extra: { 'some-key': [1, 2.5] } } },
    unit: { outputs: [{ coverage: '80%', matrix: { python: '3.10' } }, { coverage: '90%', matrix: { python: '3.11' } }] },
  },
  outputs: { 'production/canary/1-shift': { weight: '10%' } },
  saved: { 's/deploy': { image: 'v1' } },
  matrix: { python: '3.10' },
  run: { id: 'r1', started: '2026-11-20T16:00:00Z', 'started-by': 'ann', outcome: 'failed' },
};

const { evaluate } = createEvaluator(types);

test.each<[string, Json]>([
  ['inputs.weight * 2 + percent("0.1%")', '20.1%'],
  ['inputs.phase / 4 + duration("30m")', '6h30m'],
  ['inputs.memory * 2', '1GiB'],
  ['inputs.version', '1.4.0-rc.1'],
  ['inputs.version < semver("1.4.0")', true],
  ['[inputs.version.major, inputs.version.minor]', [1, 4]],
  ['inputs.version.prerelease + inputs.version.bump', 'rc.1minor'],
  ['inputs.count / 2', 1],
  ['inputs.ratio + inputs.count', 3.5],
  ['steps.build-it.outputs.weight > inputs.weight', true],
  ['steps.build-it.outputs', { digest: 'sha256:1', weight: '50%', extra: { 'some-key': [1, 2.5] } }],
  ['steps.build-it.outputs.extra["some-key"][1]', 2.5],
  ['steps.unit.outputs.map(cell, cell.coverage)', ['80%', '90%']],
  ['steps.unit.outputs.filter(cell, cell.coverage > percent("85%")).map(cell, cell.matrix.python)', ['3.11']],
  ['outputs["production/canary/1-shift"].weight', '10%'],
  ['saved["s/deploy"].image', 'v1'],
  ['matrix.python == "3.10" && run.outcome == "failed"', true],
  ['inputs.names.join(", ")', 'a, b'],
  ['string(inputs.phase) + string(inputs.weight)', '24h10%'],
  ['{"a": inputs.count}', { a: 3 }],
  ['default(inputs.names, [])', ['a', 'b']],
  ['inputs.names.filter(name, name.matches("^a"))', ['a']],
  ['[duration("1h") * 2, default(duration("90m"), duration("1h"))]', ['2h', '1h30m']],
])('%s returns %j', (source, value) => expect(evaluate(source, scope)).toEqual(value));

describe('the output of a skipped step', () => {
  const skipped: Scope = { ...scope, steps: { 'build-it': {} } };

  test('a missing output is replaced by its default', () => {
    expect(evaluate('default(steps.build-it.outputs.digest, "none")', skipped)).toBe('none');
    expect(evaluate('default("x" + steps.build-it.outputs.digest, "none")', skipped)).toBe('none');
  });

  test('a missing output without a default is an error', () => {
    expect(() => evaluate('steps.build-it.outputs.digest', skipped)).toThrow('steps.build-it.outputs.digest has no value');
  });

  test('a default does not hide that a step has not finished yet', () => {
    expect(() => evaluate('default(steps.build-it.outputs.digest, "none")', { ...scope, steps: {} })).toThrow('has not finished');
  });
});

test('a default does not hide other errors', () => {
  expect(() => evaluate('default(1 / 0, 2)', scope)).toThrow('division by zero');
});

test('a value of another type than was declared is an error', () => {
  expect(() => evaluate('inputs.weight', { ...scope, inputs: { weight: 10 } })).toThrow('10 is not a valid percent');
});

test('a number that JSON cannot hold is an error', () => {
  expect(() => evaluate('9007199254740993', scope)).toThrow('too large');
  expect(() => evaluate('inputs.ratio / 0.0', scope)).toThrow('Infinity');
});

test.each(['{"$secret": "TOKEN"}', '[{"a": {"$" + "expr": "1 + 1"}}]', 'steps.build-it.outputs.extra'])(
  'data never becomes an expression or a secret: %s is an error',
  (source) => {
    const given: Scope = { ...scope, steps: { 'build-it': { outputs: { extra: { $secret: 'TOKEN' } } } } };

    expect(() => evaluate(source, given)).toThrow(/contains the key "\$(secret|expr)", which is reserved/);
  },
);

test('a pattern that stops other engines for minutes is decided at once', () => {
  expect(evaluate(`"${'a'.repeat(5_000)}!".matches("^(a+)+$")`, scope)).toBe(false);
});

test('evaluating does not change what it reads', () => {
  const before = structuredClone(scope);
  evaluate('steps.unit.outputs.map(cell, cell.coverage)', scope);

  expect(scope).toEqual(before);
});

const resolve = (text: string): Json => {
  const parsed = parseTemplated(text);
  if (!parsed.ok) throw new Error('not a template');
  return resolveValue({ inside: [parsed.value] }, ({ $expr }) => evaluate($expr, scope));
};

test('a value without expressions is passed on, not copied, even beside one with expressions', () => {
  const plain = { command: ['echo', { $secret: 'TOKEN' }] };
  const both = resolveValue({ plain, weight: { $expr: '1 + 1', reads: [] } }, () => 2);

  expect(resolveValue(plain, () => 2)).toBe(plain);
  expect(both).toEqual({ plain, weight: 2 });
  expect((both as { plain: unknown }).plain).toBe(plain);
});

test('a value inside a string is printed canonically', () => {
  expect(resolve('v${{ inputs.version }} at ${{ inputs.weight * 2 }} for ${{ inputs.phase }}, ${{ inputs.ratio }}, ${{ 1 > 2 }}')).toEqual({
    inside: ['v1.4.0-rc.1 at 20% for 24h, 0.5, false'],
  });
});

test('a list or a map inside a string is an error', () => {
  expect(() => resolve('names: ${{ inputs.names }}')).toThrow('cannot be part of a string');
  expect(resolve('${{ inputs.names }}')).toEqual({ inside: [['a', 'b']] });
});

test('a secret stays a reference by name', () => {
  expect(resolve('${{ secrets.TOKEN }}')).toEqual({ inside: [{ $secret: 'TOKEN' }] });
});
