import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createEvaluator } from '../../src/expressions/create-evaluator.ts';

const page = await readFile(join(import.meta.dirname, '../../../../docs/reference/language.md'), 'utf8');
const calculations = [...page.matchAll(/^\| `([^`]*\("[^`]*)` \| `([^`]*)` \|$/gm)].map(([, source = '', value = '']) => [source, value] as const);

test('the page of the language shows calculations with every kind of quantity', () => {
  expect(calculations.length).toBeGreaterThan(5);
});

test.each(calculations)('as the page of the language says, %s is %s', (source, value) => {
  const { evaluate } = createEvaluator({ inputs: {}, steps: {}, secrets: [] });
  const result = evaluate(source, { inputs: {}, steps: {}, outputs: {} });
  expect(typeof result === 'string' ? result : JSON.stringify(result)).toBe(value);
});
