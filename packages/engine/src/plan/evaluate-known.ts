import type { Json } from '../contract/index.ts';
import { diagnose, type Place } from '../errors/diagnostic.ts';
import { isRelpipeError } from '../errors/relpipe-error.ts';
import { missingIn } from '../expressions/load-cel.ts';
import { expressionOf, namesIn } from '../expressions/names-in.ts';
import { loneInput } from '../expressions/resolve-name.ts';
import type { Scope } from '../expressions/scope.ts';
import { type Expression, isExpression, isSecretReference, isTemplate, printInText, type Template, type Value } from '../expressions/value.ts';
import type { Path } from '../load/raw-pipeline.ts';
import type { PlanDraft } from './plan-draft.ts';

/** The values that are known at a place of the plan. */
export interface KnownContext {
  readonly draft: PlanDraft;
  readonly matrix?: Readonly<Record<string, Json>> | undefined;
  /** Returns the place in the file of something inside the value. */
  readonly placeOf: (path: Path) => Place;
  /** It does not run with these inputs, so that its settings need not be whole. */
  readonly isNever?: boolean;
}

/** Evaluates the expressions that read only inputs, the environment, the matrix and whether a secret has a value; the others wait for the run. */
export function evaluateKnown(value: Value, context: KnownContext, path: Path = []): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (isSecretReference(value)) return { $secret: context.draft.secretNames.get(value.$secret) ?? value.$secret };
  if (isExpression(value)) return evaluateExpression(value, context, path);
  if (isTemplate(value)) return evaluateTemplate(value, context, path);
  if (Array.isArray(value)) return value.flatMap((inner: Value, n) => (isLeftOut(inner, context, [...path, n]) ? [] : [evaluateKnown(inner, context, [...path, n])]));
  const fields = Object.entries(value as Readonly<Record<string, Value>>).filter(([name, inner]) => !isLeftOut(inner, context, [...path, name]));
  return Object.fromEntries(fields.map(([name, inner]) => [name, evaluateKnown(inner, context, [...path, name])]));
}

/** An optional input without a value leaves out the field in which it is alone. A command would be another one without its argument. */
function isLeftOut(value: Value, context: KnownContext, path: Path): boolean {
  const { draft } = context;
  const [only = ''] = isTemplate(value) && value.$text.length === 1 ? value.$text : [value];
  if (!isExpression(only) || path.some((part) => ofCommands.test(String(part)))) return false;
  const input = loneInput(only.$expr, draft.types);
  return input !== undefined && isKnown(only, context) && isWithoutValue(only, draft);
}

/** The arguments of a command, and the variables that carry them. */
const ofCommands = /^(?:command|probe|RELPIPE(?:_PROBE)?_\d+)$/;

function isWithoutValue({ $expr }: Expression, draft: PlanDraft): boolean {
  try {
    draft.evaluator?.evaluate($expr, knownScope(draft));
    return false;
  } catch (error) {
    return missingIn(error) !== undefined;
  }
}

const knownScope = ({ inputs, environment, secrets }: PlanDraft): Scope => ({ inputs, secrets, steps: {}, outputs: {}, ...(environment !== undefined && { run: { environment } }) });

/** The condition itself, or the literal `true` or `false` where its value is known already. */
export function evaluateKnownCondition(when: Expression, context: KnownContext): Expression {
  const value = evaluateKnown(when, context, ['when']);
  return typeof value === 'boolean' ? expressionOf(String(value)) : when;
}

function evaluateExpression(expression: Expression, context: KnownContext, path: Path): Value {
  if (!isKnown(expression, context)) return expression;
  try {
    const { draft, matrix } = context;
    return draft.evaluator?.evaluate(expression.$expr, { ...knownScope(draft), ...(matrix && { matrix }) }) ?? expression;
  } catch (error) {
    return refuse(error, expression, context, path);
  }
}

const isKnown = ({ $expr }: Expression, { draft: { laterInputs }, matrix }: KnownContext): boolean =>
  namesIn($expr).every(({ root, segments: [first] }) => {
    if (root === 'matrix') return matrix !== undefined;
    if (root === 'inputs') return first === undefined ? laterInputs.size === 0 : !laterInputs.has(first.name);
    return root === 'secrets' || (root === 'run' && first?.name === 'environment');
  });

function evaluateTemplate(template: Template, context: KnownContext, path: Path): Value {
  const parts = template.$text.map((part) => (typeof part === 'string' ? part : evaluatePart(part, context, path)));
  return parts.every((part) => typeof part === 'string') ? parts.join('') : { $text: parts };
}

function evaluatePart(part: Expression, context: KnownContext, path: Path): string | Expression {
  const value = evaluateExpression(part, context, path);
  if (isExpression(value)) return value;
  try {
    return printInText(value as Json, part.$expr);
  } catch (error) {
    return refuse(error, part, context, path);
  }
}

function refuse(error: unknown, expression: Expression, context: KnownContext, path: Path): Expression {
  if (!isRelpipeError(error)) throw error;
  const at = context.placeOf(path);
  const missing = missingIn(error);
  if (missing?.startsWith('inputs.')) {
    context.draft.findings.push(diagnose('REL_INPUT_WITHOUT_VALUE', { name: missing }, at));
    return expression;
  }
  const { code, message, hint } = error;
  context.draft.findings.push({ severity: 'error', code, message, ...(hint !== undefined && { hint }), at });
  return expression;
}
