import { expect, test } from 'vitest';
import { isPair, isScalar, parseDocument } from 'yaml';
import { nodesOf } from '../../src/load/nodes-of.ts';

test('the nodes of a document come in the order of its text, each key before its value', () => {
  const nodes = nodesOf(parseDocument('one: { a: 1, b: [2, 3] }\ntwo: 4\n'));
  expect(nodes.filter(isScalar).map(({ value }) => value)).toEqual(['one', 'a', 1, 'b', 2, 3, 'two', 4]);
  expect(nodes.filter(isPair)).toHaveLength(4);
});

test('a document without a value has no nodes', () => {
  expect(nodesOf(parseDocument('# nothing\n'))).toHaveLength(0);
});
