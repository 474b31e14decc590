import { describe, expect, test } from 'vitest';
import { checkExpression, type CheckOptions } from '../../src/expressions/check-expression.ts';
import type { NameTypes } from '../../src/expressions/scope.ts';

const types: NameTypes = {
  inputs: {
    version: 'semver',
    'first-weight': 'percent',
    phase: 'duration',
    memory: 'size',
    count: 'integer',
    ratio: 'number',
    strategy: 'choice',
    settings: 'map',
    names: 'list',
    loud: 'boolean',
    since: 'time',
    tag: 'string',
  },
  patterns: { tag: 'v(?P<version>.+)' },
  steps: {
    build: { outputs: { digest: 'string', ratio: 'number' } },
    'close-window': { outputs: { weight: 'percent' } },
    unit: { outputs: { coverage: 'percent' }, matrix: { python: 'string' } },
  },
  secrets: ['TOKEN'],
};

function check(source: string, options?: CheckOptions, more?: Partial<NameTypes>) {
  const checked = checkExpression(source, { ...types, ...more }, options);
  if (checked.ok) return checked.type;
  return checked.findings.map(({ code, offset, length, hint }) => ({ code, at: source.slice(offset, offset + length), hint }));
}

test.each([
  ['inputs.version.bump(semver("1.3.0")) != "patch"', 'boolean'],
  ['inputs.version.next("patch")', 'semver'],
  ['inputs.since - time("2026-12-01T09:00:00Z")', 'duration'],
  ['inputs.since + duration("24h")', 'time'],
  ['inputs.tag.version', 'string'],
  ['has(inputs.tag) && has(secrets.TOKEN)', 'boolean'],
  ['inputs.version >= semver("1.0.0")', 'boolean'],
  ['inputs.version.minor + 1', 'integer'],
  ['inputs.first-weight * 2 + percent("1%")', 'percent'],
  ['inputs.first-weight / percent("50%")', 'number'],
  ['inputs.phase / 4 - duration("1h")', 'duration'],
  ['inputs.memory > bytesize("512MiB")', 'boolean'],
  ['inputs.count + inputs.ratio', 'number'],
  ['inputs.ratio == 1', 'boolean'],
  ['steps.close-window.outputs.weight', 'percent'],
  ['inputs["first-weight"]', 'percent'],
  ['inputs.settings["some-key"]', 'any'],
  ['inputs.names.exists(name, name.matches("^v"))', 'boolean'],
  ['steps.unit.outputs.map(cell, cell.coverage)', 'list'],
  ['default(steps.build.outputs.ratio, 0)', 'number'],
  ['inputs.loud ? "a" : inputs.strategy', 'string'],
  ['run.id + string(run.started) + run.started-by', 'string'],
  ['string(inputs.phase) + "!"', 'string'],
])('%s is a %s', (source, type) => expect(check(source)).toBe(type));

describe('what the CI and the record of runs say', () => {
  test.each(['ci.tag', 'has(ci.tag)', 'history("engine")[0].inputs.version'])('%s can be read only in the default of an input', (source) => {
    expect(check(source)).toMatchObject([{ code: 'REL_NAME_NOT_AVAILABLE', hint: expect.stringContaining('in the default of an input') as string }]);
    expect(check(source, {}, { inDefaults: true })).not.toBeInstanceOf(Array);
  });

  test.each(['history("engine")', 'history("engine")[0]', 'history("engine")[0].inputs', 'history(inputs.tag)[0].inputs.x', 'history("engine")[inputs.count].inputs.x'])(
    '%s is not a whole name',
    (source) => {
      expect(check(source, {}, { inDefaults: true })).toMatchObject([{ code: 'REL_NAME_INCOMPLETE' }]);
    },
  );

  test('the environment of a run can be read where the file has environments, and other values of a run not before it has started', () => {
    expect(check('run.environment')).toMatchObject([{ code: 'REL_NAME_NOT_AVAILABLE', hint: 'It can be read in a file with `environments`.' }]);
    expect(check('run.environment', {}, { environments: ['staging'], run: 'planned' })).toBe('string');
    expect(check('run.id', {}, { run: 'planned' })).toMatchObject([{ code: 'REL_NAME_NOT_AVAILABLE', hint: 'It can be read where a run has started.' }]);
  });
});

describe('an unknown name is found at its place, with what was probably meant', () => {
  test.each([
    ['inputs.frist-weight', 'frist-weight', 'Did you mean "first-weight"?'],
    ['inputs.tag.verson', 'verson', 'Did you mean "version"?'],
    ['has(secrets.TOKN)', 'TOKN', 'Did you mean "TOKEN"?'],
    ['inputs.first_weight', 'first_weight', 'Did you mean "first-weight"?'],
    ['1 + steps.bild.outputs.x', 'bild', 'Did you mean "build"?'],
    ['steps.build.outputs.digset', 'digset', 'Did you mean "digest"?'],
    ['secrets.TOKN', 'TOKN', 'Did you mean "TOKEN"?'],
    ['1 + input.version', 'input', 'Did you mean "inputs"?'],
    ['inputs.zzz', 'zzz', 'Available: version, first-weight, phase, memory, count, ratio, strategy, settings, names, loud, since, tag.'],
  ])('%s', (source, at, hint) => expect(check(source)).toEqual([{ code: 'REL_NAME_UNKNOWN', at, hint }]));
});

test('every unknown name of an expression is found', () => {
  expect(check('inputs.a == inputs.b')).toMatchObject([{ at: 'a' }, { at: 'b' }]);
});

test('a subtraction needs spaces, and a key with a hyphen brackets', () => {
  expect(check('inputs.count-inputs.count')).toMatchObject([{ code: 'REL_NAME_WITH_HYPHEN', at: 'count-inputs' }]);
  expect(check('inputs.count - inputs.count')).toBe('integer');
  expect(check('inputs.settings.some-key')).toMatchObject([{ code: 'REL_NAME_WITH_HYPHEN', at: 'some-key' }]);
});

test('a name that is more than a value is refused when it is alone', () => {
  expect(check('inputs')).toMatchObject([{ code: 'REL_NAME_INCOMPLETE' }]);
  expect(check('steps.build')).toMatchObject([{ code: 'REL_NAME_INCOMPLETE', hint: 'Write steps.build.outputs.NAME.' }]);
  expect(check('steps.unit.outputs.coverage')).toMatchObject([{ code: 'REL_NAME_INCOMPLETE' }]);
});

test('some names exist only in some places', () => {
  expect(check('matrix.python')).toMatchObject([{ code: 'REL_NAME_NOT_AVAILABLE' }]);
  expect(check('matrix.python', {}, { matrix: { python: 'string' } })).toBe('string');
  expect(check('run.outcome')).toMatchObject([{ code: 'REL_NAME_NOT_AVAILABLE' }]);
  expect(check('run.outcome == "failed"', {}, { run: 'ended' })).toBe('boolean');
  expect(check('saved.image')).toMatchObject([{ code: 'REL_NAME_NOT_AVAILABLE' }]);
  expect(check('saved.image', {}, { rolledBack: { saved: 'any', outputs: 'any' } })).toBe('any');
});

test('a secret cannot be part of an expression', () => {
  expect(check('secrets.TOKEN + "x"')).toMatchObject([{ code: 'REL_SECRET_IN_EXPRESSION', at: 'secrets.TOKEN' }]);
  expect(check(' secrets.TOKEN ')).toBe('any');
  expect(check('secrets.TOKEN', { expected: 'boolean' })).toMatchObject([{ code: 'REL_SECRET_IN_EXPRESSION' }]);
});

test('a type error uses the type names of the language, and says what to write', () => {
  expect(check('inputs.first-weight > 10')).toMatchObject([
    { code: 'REL_EXPRESSION_TYPE', at: 'inputs.first-weight > 10', hint: 'Write the other side as a percent too, e.g. percent("10%").' },
  ]);
  expect(check('inputs.version.bmup')).toMatchObject([{ code: 'REL_EXPRESSION_TYPE', at: 'bmup' }]);
});

test('a unit outside a literal is a syntax error that says how to write it', () => {
  expect(check('inputs.phase > 24h')).toMatchObject([{ code: 'REL_EXPRESSION_SYNTAX', hint: 'Write duration("24h").' }]);
});

test('literals are checked before anything runs', () => {
  expect(check('duration("3 days")')).toEqual([{ code: 'REL_LITERAL_INVALID', at: '"3 days"', hint: 'Did you mean 3d?' }]);
  expect(check('semver("v1")')).toMatchObject([{ code: 'REL_LITERAL_INVALID', at: '"v1"' }]);
  expect(check('inputs.strategy.matches("(?=a)")')).toMatchObject([{ code: 'REL_PATTERN_INVALID', at: '"(?=a)"' }]);
});

test('the result must be of the type that is needed', () => {
  expect(check(' inputs.phase ', { expected: 'boolean' })).toMatchObject([{ code: 'REL_EXPRESSION_RESULT_TYPE', at: 'inputs.phase' }]);
  expect(check('inputs.version', { expected: 'string' })).toBe('semver');
  expect(check('inputs.count', { expected: 'number' })).toBe('integer');
  expect(check('inputs.ratio', { expected: 'integer' })).toMatchObject([{ code: 'REL_EXPRESSION_RESULT_TYPE' }]);
  expect(check('timestamp("2026-01-01T00:00:00Z")')).toMatchObject([{ code: 'REL_EXPRESSION_RESULT_TYPE' }]);
});

test('an output of a step that may be skipped must be read with a default', () => {
  const options = { mayBeSkipped: (step: string) => step === 'build' };

  expect(check('"a" + steps.build.outputs.digest', options)).toMatchObject([{ code: 'REL_OUTPUT_MAY_BE_MISSING', at: 'steps.build.outputs.digest' }]);
  expect(check('default("a" + steps.build.outputs.digest, "b")', options)).toBe('string');
  expect(check('default("a", steps.build.outputs.digest)', options)).toMatchObject([{ code: 'REL_OUTPUT_MAY_BE_MISSING' }]);
  expect(check('default(steps.build.outputs.digest, 3)', options)).toMatchObject([{ code: 'REL_EXPRESSION_TYPE', at: '3' }]);
});

test('names inside strings and comments are not read', () => {
  expect(check('"inputs.nope" + \'steps.nope\' // secrets.NOPE')).toBe('string');
});

test('an expression too long or too deep for the library is a finding, not a crash', () => {
  for (const source of [Array.from({ length: 5000 }, () => 'inputs.loud').join(' && '), `${'('.repeat(5000)}true${')'.repeat(5000)}`]) {
    expect(check(source)).toContainEqual(expect.objectContaining({ code: 'REL_EXPRESSION_LIMIT' }));
  }
});
