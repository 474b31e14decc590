import type { Json } from '../../contract/index.ts';
import { isMapping, type Path } from '../../load/raw-pipeline.ts';
import { takesExpressions } from '../structure/takes-expressions.ts';
import type { Rule, ValidationContext } from '../validation-context.ts';

/** An expression where none is evaluated would silently be text: a person of that name, a title, an option. */
export const noExpressionsInPlainText: Rule = (_, context) => {
  const reported = new Set(context.diagnostics.map(({ at }) => placeKey(at)));
  for (const { path, isKey } of plainTexts(context.raw.root ?? {}, [])) {
    if (!isReported(path, reported, context)) reportExpression(path, isKey, context);
  }
};

interface PlainText {
  readonly path: Path;
  readonly isKey: boolean;
}

/** The strings and keys with an expression that nothing evaluates; `$${{` is a written `${{`. */
function plainTexts(value: Json, path: Path): readonly PlainText[] {
  if (typeof value === 'string') return expression.test(value) && !takesExpressions(path) ? [{ path, isKey: false }] : [];
  if (Array.isArray(value)) return value.flatMap((item: Json, n) => plainTexts(item, [...path, n]));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(expression.test(key) ? [{ path: [...path, key], isKey: true }] : []),
    ...plainTexts(inner, [...path, key]),
  ]);
}

const expression = /(?<!\$)\$\{\{/;

/** One mistake, one finding: something is wrong with the text already, or with a key that leads to it. */
function isReported(path: Path, reported: ReadonlySet<string>, { raw }: ValidationContext): boolean {
  return path.some((_, n) => reported.has(placeKey(raw.placeOfKey(path.slice(0, n + 1))))) || reported.has(placeKey(raw.placeOf(path)));
}

const placeKey = (at: { readonly line: number; readonly column: number } | undefined): string => `${at?.line ?? 0}:${at?.column ?? 0}`;

function reportExpression(path: Path, isKey: boolean, context: ValidationContext): void {
  const place = isKey ? context.raw.placeOfKey(path) : context.raw.placeOf(path);
  const key = path.findLast((part) => typeof part === 'string') ?? '';
  context.report('REL_LITERAL_REQUIRED', { key, kind: isKey ? 'key' : kindOf(path) }, place);
}

function kindOf(path: Path): string {
  if (path[0] === 'groups') return 'name of each person';
  return typeof path.at(-1) === 'number' ? 'value' : 'text';
}
