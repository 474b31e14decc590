import type { Diagnostic } from '../errors/diagnostic.ts';

/** In the order of the file. What was found twice at one place in the same words is said once. */
export function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map(diagnostics.map((found) => [`${lineOf(found)}:${columnOf(found)} ${found.code} ${found.message}`, found]));
  return [...unique.values()].sort((a, b) => lineOf(a) - lineOf(b) || columnOf(a) - columnOf(b));
}

const lineOf = ({ at }: Diagnostic): number => at?.line ?? 0;
const columnOf = ({ at }: Diagnostic): number => at?.column ?? 0;
