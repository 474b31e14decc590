import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTemplated } from '../../../src/expressions/templates/parse-templated.ts';

const valueOf = (text: string) => {
  const parsed = parseTemplated(text);
  return parsed.ok ? parsed.value : parsed.findings.map(({ code, offset, length }) => ({ code, at: text.slice(offset, offset + length) }));
};

test('a string without expressions stays as it is', () => {
  expect(valueOf('cost: $5 {{ x }} }}')).toBe('cost: $5 {{ x }} }}');
});

test('a lone expression keeps its type', () => {
  expect(valueOf('${{ inputs.phase }}')).toEqual({ $expr: 'inputs.phase', reads: [] });
});

test('an expression inside a string is a part of it, with its place', () => {
  const text = 'engine ${{ inputs.version }} serves ${{ steps.canary.outputs.weight }}.';

  expect(valueOf(text)).toEqual({
    $text: ['engine ', { $expr: 'inputs.version', reads: [] }, ' serves ', { $expr: 'steps.canary.outputs.weight', reads: ['canary'] }, '.'],
  });
  const parsed = parseTemplated(text);
  expect(parsed.ok && parsed.expressions.map(({ source, offset }) => text.slice(offset, offset + source.length) === source)).toEqual([true, true]);
});

test.each([
  ['${{ "}}" }}', '"}}"'],
  ["${{ '}}' + '\\'' }}", "'}}' + '\\''"],
  ['${{ {"a": {"b": 1}} }}', '{"a": {"b": 1}}'],
  ['${{ r"\\" }}', 'r"\\"'],
  ['${{ """a " }} b""" }}', '"""a " }} b"""'],
  ["${{ a // don't }}", "a // don't"],
])('%s ends where its strings and braces are closed', (text, source) => {
  expect(valueOf(text)).toEqual({ $expr: source, reads: [] });
});

test('$${{ is a literal ${{', () => {
  expect(valueOf('$${{ github.sha }}')).toBe('${{ github.sha }}');
  expect(valueOf('a $${{ b ${{ inputs.c }}')).toEqual({ $text: ['a ${{ b ', { $expr: 'inputs.c', reads: [] }] });
});

test('a secret alone is a reference', () => {
  expect(valueOf('${{ secrets.TOKEN }}')).toEqual({ $secret: 'TOKEN' });
});

test('a secret inside a string is refused at its place', () => {
  expect(valueOf('Bearer ${{ secrets.TOKEN }}')).toEqual([{ code: 'REL_SECRET_IN_TEXT', at: 'secrets.TOKEN' }]);
});

test('an expression without end, and one without content, are refused', () => {
  expect(valueOf('a ${{ b')).toEqual([{ code: 'REL_EXPRESSION_UNCLOSED', at: '${{' }]);
  expect(valueOf('a ${{ {"b": 1 }} c')).toEqual([{ code: 'REL_EXPRESSION_UNCLOSED', at: '${{' }]);
  expect(valueOf('a ${{  }} b')).toEqual([{ code: 'REL_EXPRESSION_EMPTY', at: '${{  }}' }]);
});

test('an unclosed string is left to the check of the expression, which knows its place', () => {
  expect(valueOf('${{ "a }} b')).toEqual({ $text: [{ $expr: '"a', reads: [] }, ' b'] });
});

test('text around and between expressions is kept as it was', () => {
  const literal = fc.string().filter((text) => !text.includes('$') && text !== '');
  const source = fc.constantFrom('inputs.a', '{"a": {"b": 1}}', '"}} ${{"', 'steps.b-c.outputs.d', "'it\\'s'");
  fc.assert(
    fc.property(fc.array(fc.tuple(literal, source), { minLength: 1 }), (pairs) => {
      const value = valueOf(pairs.map(([text, expression]) => `${text}\${{ ${expression} }}`).join(''));
      expect(value).toEqual({ $text: pairs.flatMap(([text, expression]) => [text, { $expr: expression, reads: expression.startsWith('steps') ? ['b-c'] : [] }]) });
    }),
  );
});

test('any string is either accepted, or refused at a place inside it', () => {
  const pieces = fc.constantFrom('${{', '}}', '$', '{', '}', '"', "'", '\\', ' ', 'a', '//', '\n', '"""', 'r');
  fc.assert(
    fc.property(fc.array(pieces).map((list) => list.join('')), (text) => {
      const parsed = parseTemplated(text);
      const spans = parsed.ok ? parsed.expressions.map(({ source, offset }) => ({ offset, length: source.length })) : parsed.findings;
      for (const { offset, length } of spans) expect(offset >= 0 && offset + length <= text.length).toBe(true);
    }),
  );
});
