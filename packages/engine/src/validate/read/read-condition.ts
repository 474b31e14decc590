import { expressionOf } from '../../expressions/expression-of.ts';
import type { ScopeTypes } from '../../expressions/scope.ts';
import type { Expression } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { Reading } from '../reading.ts';

/** `when:` — CEL, with or without `${{ }}` around it. */
export function readCondition(
  when: string | boolean | undefined,
  path: Path,
  _scope: ScopeTypes,
  _reading: Reading,
): Expression | undefined {
  if (when === undefined) return undefined;
  const source = String(when).trim();
  const inside = /^\$\{\{(.*)\}\}$/s.exec(source)?.[1] ?? source;
  return expressionOf(inside);
}
