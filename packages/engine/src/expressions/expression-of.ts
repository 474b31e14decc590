import { type Name, namesIn } from './names-in.ts';
import type { Expression } from './value.ts';

/** The expression of a CEL source, with what it reads. Whether it is right is for `checkExpression`. */
export function expressionOf(source: string): Expression {
  const reads = namesIn(source).flatMap((name) => readOf(name) ?? []);
  return { $expr: source.trim(), reads: [...new Set(reads)] };
}

function readOf({ root, segments: [first] }: Name): string | undefined {
  const isKey = first?.isQuoted === true && (root === 'outputs' || root === 'saved');
  return root === 'steps' || isKey ? first?.name : undefined;
}
