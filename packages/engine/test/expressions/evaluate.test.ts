import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/contract/index.ts';
import { createEvaluator } from '../../src/expressions/create-evaluator.ts';
import { missingIn } from '../../src/expressions/load-cel.ts';
import { resolveValue } from '../../src/expressions/value.ts';
import { parseTemplated } from '../../src/expressions/templates/parse-templated.ts';
import type { Scope, ScopeTypes } from '../../src/expressions/scope.ts';

const types: ScopeTypes = {
  inputs: { version: 'semver', weight: 'percent', phase: 'duration', memory: 'size', count: 'integer', ratio: 'number', names: 'list', since: 'time', tag: 'string', absent: 'string' },
  patterns: { tag: 'v(?P<version>[0-9.]+)(?:-rc(?P<rc>[0-9]+))?' },
  steps: {
    'build-it': { outputs: { digest: 'string', weight: 'percent', extra: 'any' } },
    unit: { outputs: { coverage: 'percent' }, matrix: { python: 'string' } },
  },
  secrets: ['TOKEN', 'OTHER'],
};

const scope: Scope = {
  inputs: { version: '1.4.0-rc.1', weight: '10%', phase: '24h', memory: '512MiB', count: 3, ratio: 0.5, names: ['a', 'b'], since: '2026-12-01T09:00:00Z', tag: 'v1.4.0' },
  steps: {
    'build-it': { outputs: { digest: 'sha256:1', weight: '50%', extra: { 'some-key': [1, 2.5] } } },
    unit: { outputs: [{ coverage: '80%', matrix: { python: '3.10' } }, { coverage: '90%', matrix: { python: '3.11' } }] },
  },
  outputs: { 'production/canary/1-shift': { weight: '10%' } },
  saved: { 's/deploy': { image: 'v1' } },
  matrix: { python: '3.10' },
  run: { id: 'r1', started: '2026-12-01T16:00:00.000Z', 'started-by': 'ann', environment: 'staging', outcome: 'failed' },
  secrets: { TOKEN: true },
  ci: { tag: 'v2.0.0' },
  history: { 'web-app': [{ run: 'r0', inputs: { version: '1.3.0', 'first-weight': '5%' }, outputs: { weight: '100%' }, types: { version: 'semver', 'first-weight': 'percent' } }] },
};

const { evaluate } = createEvaluator(types);

test.each<[string, Json]>([
  ['inputs.weight * 2 + percent("0.1%")', '20.1%'],
  ['inputs.phase / 4 + duration("30m")', '6h30m'],
  ['inputs.memory * 2', '1GiB'],
  ['inputs.version', '1.4.0-rc.1'],
  ['inputs.version < semver("1.4.0")', true],
  ['[inputs.version.major, inputs.version.minor]', [1, 4]],
  ['inputs.version.prerelease', 'rc.1'],
  ['inputs.version.next("patch")', '1.4.0'],
  ['semver("1.4.0").next("patch")', '1.4.1'],
  ['semver("1.4.2").next("minor")', '1.5.0'],
  ['semver("1.4.2").next("major").major', 2],
  ['semver("2.0.1").bump(semver("1.9.0"))', 'major'],
  ['semver("1.4.0").bump(semver("1.3.9"))', 'minor'],
  ['semver("1.4.1").bump(semver("1.4.0"))', 'patch'],
  ['semver("1.4.0").bump(inputs.version)', 'prerelease'],
  ['inputs.version.bump(inputs.version)', 'none'],
  ['inputs.since + duration("90m")', '2026-12-01T10:30:00Z'],
  ['inputs.since - time("2026-11-30T09:00:00Z")', '24h'],
  ['inputs.since - duration("500ms")', '2026-12-01T08:59:59.500Z'],
  ['inputs.since == time("2026-12-01T10:00:00+01:00")', true],
  ['inputs.since < run.started', true],
  ['"at " + string(inputs.since)', 'at 2026-12-01T09:00:00Z'],
  ['inputs.tag.version', '1.4.0'],
  ['semver(inputs.tag.version).minor + size(inputs.tag)', 10],
  ['default(inputs.tag.rc, "none")', 'none'],
  ['has(inputs.tag)', true],
  ['[has(inputs.tag.version), has( inputs.tag.rc ), has(inputs.absent)]', [true, false, false]],
  ['has(secrets.TOKEN) && !has(secrets.OTHER)', true],
  ['run.environment + " by " + run.started-by', 'staging by ann'],
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

test.each<[string, Json]>([
  ['ci.tag', 'v2.0.0'],
  ['default(ci.branch, "none")', 'none'],
  ['has(ci.tag) && !has(ci.pull-request)', true],
  ['history("web-app")[0].inputs.version.next("minor")', '1.4.0'],
  ["history('web-app')[0].inputs.first-weight * 2", '10%'],
  ['history("web-app")[0].outputs.weight', '100%'],
  ['has(history("web-app")[0].inputs.version) && !has(history("web-app")[1].inputs.version) && !has(history("other")[0].inputs.x)', true],
  ['inputs.version.bump(history("web-app")[0].inputs.version)', 'minor'],
])('a default of an input: %s returns %j', (source, value) => expect(evaluate(source, scope)).toEqual(value));

test.each(['ci.branch', 'history("web-app")[1].inputs.version', 'inputs.tag.rc', 'inputs.absent'])('%s without a value says so', (source) => {
  let thrown: unknown;
  try {
    evaluate(source, scope);
  } catch (error) {
    thrown = error;
  }
  expect(missingIn(thrown)).toBe(source);
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
