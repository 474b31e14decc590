import type { Json } from '../../contract/index.ts';
import { examples, type InputValue, parseInput } from '../../expressions/input-value.ts';
import type { TypeName } from '../../expressions/scope.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import { withArticle } from '../../util/phrases.ts';
import type { ValidationContext } from '../validation-context.ts';
import { inputShape, type InputShape } from '../shapes/pipeline-shape.ts';
import type { InputDeclaration } from '../valid-pipeline.ts';
import { crossedLimits, limitProblem } from '../input-limits.ts';

export function readInput(name: string, input: Json, context: ValidationContext): InputDeclaration[] {
  const path = ['inputs', name];
  const hasName = context.hasNameForm('name', name, path);
  if (!context.fits(inputShape, input, path, `input "${name}"`) || !hasName) return [];
  const before = context.diagnostics.length;
  checkOptions(input, name, path, context);
  checkLimits(input, name, path, context);
  const literals = Object.fromEntries(
    (['default', 'min', 'max'] as const).flatMap((key) => {
      const written = input[key];
      return written === undefined || (key !== 'default' && !orderedTypes.includes(input.type))
        ? []
        : [[key, readLiteral(written as Json, input, [...path, key], context)]];
    }),
  );
  const declaration: InputDeclaration = {
    name,
    type: input.type,
    required: input.required ?? input.default === undefined,
    ...literals,
    ...(input.options && { options: input.options }),
    ...(input.description !== undefined && { description: input.description }),
    at: context.raw.placeOfKey(path),
  };
  if (context.diagnostics.length === before) checkDefault(declaration, path, context);
  if (input.required === true && input.default !== undefined) context.report('REL_INPUT_DEFAULT_UNUSED', { name }, [...path, 'default']);
  return [declaration];
}

function checkOptions({ type, options }: InputShape, name: string, path: Path, context: ValidationContext): void {
  if (type === 'choice' && !options) context.report('REL_KEY_MISSING', { key: 'options', where: `input "${name}"` }, path);
  if (type !== 'choice' && options) {
    context.report('REL_KEY_MISPLACED', { key: 'options', where: `input "${name}"`, belongs: 'inputs of the type choice' }, [
      ...path,
      'options',
    ]);
  }
}

const orderedTypes: readonly TypeName[] = ['number', 'integer', 'semver', 'percent', 'duration', 'size'];

function checkLimits({ type, min, max }: InputShape, name: string, path: Path, context: ValidationContext): void {
  for (const [key, limit] of Object.entries({ min, max })) {
    if (limit === undefined || orderedTypes.includes(type)) continue;
    const at = context.raw.placeOfKey([...path, key]);
    context.report('REL_KEY_MISPLACED', { key, where: `input "${name}"`, belongs: `inputs of the types ${orderedTypes.join(', ')}` }, at);
  }
}

/**
 * A value of the file in canonical form. In the file, a number is a number and a list is a list; on the command line, everything is a
 * string.
 */
export function readLiteral(value: Json, { type }: Pick<InputShape, 'type'>, path: Path, context: ValidationContext): Json {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const parsed = typeof value === 'object' ? asCollection(value, type) : asScalar(value, text, type);
  if (parsed.ok) return parsed.value;
  context.report('REL_INPUT_INVALID', { name: nameAt(path), text, problem: parsed.problem, hint: parsed.hint }, path);
  return value;
}

/** The input at `inputs.NAME.default`, or at `with.NAME` of a step. */
const nameAt = (path: Path): string => String(path[0] === 'inputs' ? path[1] : path.at(-1));

function asCollection(value: Extract<Json, object> | null, type: TypeName): InputValue {
  const kind = Array.isArray(value) ? 'list' : 'map';
  if (type === kind) return { ok: true, value };
  return { ok: false, problem: `it is a ${kind}, not ${withArticle(type)}`, hint: `Write it like ${examples[type]}.` };
}

function asScalar(value: string | number | boolean, text: string, type: TypeName): InputValue {
  const parsed = parseInput(type, text);
  const isUnquoted = typeof value !== 'string';
  if (!parsed.ok || !isUnquoted || typeof parsed.value === typeof value || type === 'choice') return parsed;
  return { ok: false, problem: `it is a ${typeof value}, not ${withArticle(type)}`, hint: `Write "${text}" in quotes.` };
}

/** The limits leave room, and the default is within them like any other value. */
function checkDefault(input: InputDeclaration, path: Path, context: ValidationContext): void {
  const { name } = input;
  const crossed = crossedLimits(input);
  if (crossed) {
    context.report('REL_LIMITS_OUT_OF_ORDER', { low: 'min', lower: crossed.min, high: 'max', upper: crossed.max }, [...path, 'max']);
    return;
  }
  if (input.default === undefined || typeof input.default === 'object') return;
  const problem = limitProblem(input, input.default);
  if (problem === undefined) return;
  const details = { name, text: String(input.default), problem, hint: 'Change the default or the limits.' };
  context.report('REL_INPUT_INVALID', details, [...path, 'default']);
}
