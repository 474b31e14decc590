import { expect, test } from 'vitest';
import { checkExpression } from '../../src/expressions/check-expression.ts';
import { createEvaluator } from '../../src/expressions/create-evaluator.ts';
import type { ScopeTypes } from '../../src/expressions/scope.ts';

const types: ScopeTypes = { inputs: { numbers: 'list', many: 'list', text: 'string' }, steps: {}, secrets: [] };
const inputs = { numbers: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], many: Array.from({ length: 200 }, (_, n) => n), text: 'x'.repeat(100) };
const { evaluate } = createEvaluator(types);
const nested = (depth: number, loop: string): string =>
  Array.from({ length: depth }, (_, n) => `inputs.numbers.${loop}(v${n}, `).join('') + 'v0 != "0"' + ')'.repeat(depth);

test.each(['all', 'exists', 'exists_one', 'filter', 'map'])('more than four nested levels of %s are refused at the fifth', (loop) => {
  const source = nested(10, loop);
  const checked = checkExpression(source, { ...types, matrix: 'any' });

  expect(checked).toMatchObject({ ok: false, findings: [{ code: 'REL_EXPRESSION_LIMIT', length: loop.length }] });
  if (!checked.ok) expect(source.slice(checked.findings[0]?.offset)).toMatch(new RegExp(`^${loop}\\(v4`));
});

test('four levels are accepted, and loops one after the other do not count', () => {
  expect(evaluate(nested(4, 'all'), { inputs, steps: {}, outputs: {} })).toBe(true);
  const chain = `inputs.numbers${'.map(v, v)'.repeat(10)}`;
  expect(evaluate(chain, { inputs, steps: {}, outputs: {} })).toEqual(inputs.numbers);
});

test.each([
  ['loops over long lists', 'inputs.many.all(a, inputs.many.all(b, inputs.many.all(c, inputs.many.all(d, a + b + c + d >= 0))))'],
  ['an error in each loop', 'inputs.many.all(a, inputs.many.all(b, inputs.many.all(c, inputs.many.exists(d, a + b + c + d + "" == ""))))'],
  ['a part that decides although another one is too costly', 'inputs.many.all(a, inputs.many.all(b, inputs.many.all(c, a + b + c >= 0))) || true'],
  ['lists that double', `[inputs.many]${'.map(v, v + v)'.repeat(30)}`],
  ['lists inside lists', `[inputs.many]${'.map(v, [v, v])'.repeat(30)}`],
  ['comparisons of lists inside lists', `[inputs.many]${'.map(v, [v, v])'.repeat(30)} == [inputs.many]${'.map(v, [v, v])'.repeat(30)}`],
  ['strings that double', `[inputs.text]${'.map(v, v + v)'.repeat(40)}.size()`],
])('an evaluation stops at the limit of its steps: %s', (_, source) => {
  const started = performance.now();
  expect(() => evaluate(source, { inputs, steps: {}, outputs: {} })).toThrow(expect.objectContaining({ code: 'REL_EXPRESSION_LIMIT' }));
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('each evaluation counts its own steps', () => {
  const source = 'inputs.many.all(a, inputs.many.all(b, a + b >= 0))';
  for (let n = 0; n < 20; n++) expect(evaluate(source, { inputs, steps: {}, outputs: {} })).toBe(true);
});

test.each([
  ['characters', `"${'x'.repeat(10_000)}"`],
  ['brackets', '['.repeat(2_000) + ']'.repeat(2_000)],
  ['parts', Array.from({ length: 3_000 }, () => '1').join('+')],
])('an expression with too many %s is refused', (_, source) => {
  const checked = checkExpression(source, { ...types, matrix: 'any' });
  expect(checked).toMatchObject({ ok: false, findings: [{ code: 'REL_EXPRESSION_LIMIT' }] });
});
