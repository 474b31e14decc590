import { isCollection, isNode, isPair, type Document, type Node, type Pair } from 'yaml';

/**
 * Every node and pair in the order of the text. The parser's own `visit` copies the path to each node, which takes a time in the square of
 * the depth, and a broken file may be thousands of brackets deep.
 */
export function nodesOf(document: Document): readonly (Node | Pair)[] {
  const found: (Node | Pair)[] = [];
  const left: unknown[] = [document.contents];
  while (left.length > 0) {
    const next = left.pop();
    if (isPair(next)) {
      found.push(next);
      left.push(next.value, next.key);
    } else if (isNode(next)) {
      found.push(next);
      if (isCollection(next)) for (const item of next.items.toReversed()) left.push(item);
    }
  }
  return found;
}
