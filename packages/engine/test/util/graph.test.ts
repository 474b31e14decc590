import { expect, test } from 'vitest';
import { findCycles, inNeedOrder, isReachable, reachableFrom } from '../../src/util/graph.ts';

const graph = new Map<string, readonly string[]>([
  ['a', ['b', 'c']],
  ['b', ['d']],
  ['c', ['d']],
  ['d', []],
]);
const next = (name: string): readonly string[] => graph.get(name) ?? [];
const chain = (length: number): { readonly id: string; readonly needs: readonly string[] }[] =>
  Array.from({ length }, (_, i) => ({ id: `n${i}`, needs: i + 1 < length ? [`n${i + 1}`] : [] }));

test('everything that can be reached is found once, the nearest first', () => {
  expect([...reachableFrom('a', next)]).toEqual(['b', 'c', 'd']);
  expect([...reachableFrom('d', next)]).toEqual([]);
});

test('a node reaches itself only over a cycle', () => {
  expect(isReachable('a', 'a', next)).toBe(false);
  expect(isReachable('a', 'a', (name) => (name === 'a' ? ['b'] : ['a']))).toBe(true);
});

test('nodes come after what they need, and otherwise keep their order', () => {
  const nodes = [{ id: 'test', needs: ['build', 'lint'] }, { id: 'lint', needs: [] }, { id: 'docs', needs: [] }, { id: 'build', needs: [] }];
  expect(inNeedOrder(nodes, ({ id }) => id).map(({ id }) => id)).toEqual(['build', 'lint', 'test', 'docs']);
});

test('an acyclic graph has no cycles', () => {
  expect(findCycles(graph)).toEqual([]);
});

test('each cycle is found from its first node, and no edge is in two of them', () => {
  const cyclic = new Map([['a', ['b']], ['b', ['c', 'a']], ['c', ['a', 'c']], ['d', ['a']]]);
  expect(findCycles(cyclic)).toEqual([['a', 'b', 'c'], ['c']]);
});

test('a need that does not exist is not a cycle', () => {
  expect(findCycles(new Map([['a', ['nothing', 'nowhere']]]))).toEqual([]);
});

test('a hundred thousand nodes in a row need no deep recursion', () => {
  const long = chain(100_000);
  const edges = new Map(long.map(({ id, needs }) => [id, needs]));
  expect(inNeedOrder(long, ({ id }) => id)[0]?.id).toBe('n99999');
  expect(findCycles(edges)).toEqual([]);
  expect(findCycles(new Map([...edges, ['n99999', ['n0']]]))[0]).toHaveLength(100_000);
  expect(isReachable('n0', 'n99999', (id) => edges.get(id) ?? [])).toBe(true);
});
