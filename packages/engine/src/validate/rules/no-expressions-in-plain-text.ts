import type { Json } from '../../contract/index.ts';
import { isMapping, type Path } from '../../load/raw-pipeline.ts';
import type { Rule, ValidationContext } from '../validation-context.ts';

/** An expression where none is evaluated would silently be text: a person of that name, a title, an option. */
export const noExpressionsInPlainText: Rule = (_, context) => {
  const reported = new Set(context.diagnostics.map(({ at }) => placeKey(at)));
  for (const { path, isKey } of plainTexts(context.raw.root ?? {}, [])) {
    if (!isReported(path, reported, context)) reportExpression(path, isKey, context);
  }
};

/** Whether the expressions of a string are evaluated, whatever is wrong with the keys around it. */
export function takesExpressions([root, ...inside]: Path): boolean {
  if (root === 'outputs') return inside.length === 1;
  if (root === 'reporters') return inside[1] === 'with';
  if (root === 'gates') return inside[1] === 'metrics' && ['run', 'with', 'baseline'].includes(String(inside[3]));
  if (root === 'finally') return isEvaluatedInStep(inStep(['finally', ...inside]));
  if (root !== 'stages') return false;
  const [, ...ofStage] = inside;
  return ofStage[0] === 'when' || isEvaluatedInStep(inStep(ofStage));
}

/** What is left of a path inside the innermost step; steps are in lists of steps, also in those of other steps. */
function inStep(path: Path): Path {
  const [list, index, ...inside] = path;
  return ['steps', 'finally', 'rollback'].includes(String(list)) && /^\d+$/.test(String(index)) ? inStep(inside) : path;
}

function isEvaluatedInStep([key, second, ...deeper]: Path): boolean {
  if (key === 'approvers') return second === 'count';
  if (key === 'matrix') return second === 'axes' && deeper.length === 1;
  return ['when', 'run', 'probe', 'env', 'workdir', 'with', 'hold', 'approval'].includes(String(key));
}

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
