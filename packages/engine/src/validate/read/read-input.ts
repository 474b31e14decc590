import type { Json } from '../../contract/index.ts';
import { inputValue } from '../../expressions/input-value.ts';
import type { ScopeType, TypeName } from '../../expressions/scope.ts';
import { isUnknown, type Value } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { ValidationContext } from '../validation-context.ts';
import { inputShape, type InputShape } from '../shapes/pipeline-shape.ts';
import type { InputDeclaration } from '../valid-pipeline.ts';
import { crossedLimits, limitProblem } from '../input-limits.ts';
import { readPattern } from './read-pattern.ts';
import { readString } from './read-string.ts';

export function readInput(name: string, input: Json, context: ValidationContext): InputDeclaration[] {
  const path = ['inputs', name];
  const hasName = context.hasNameForm('name', name, path);
  if (!context.fits(inputShape, input, path, `input "${name}"`) || !hasName) return [];
  const before = context.diagnostics.length;
  checkOptions(input, name, path, context);
  checkLimits(input, name, path, context);
  const pattern = readPattern(input, name, path, context);
  const written = input.default === undefined ? undefined : readDefault(input, path, context);
  const limits = (['min', 'max'] as const).flatMap((key) => {
    const limit = input[key];
    return limit === undefined || !orderedTypes.includes(input.type) ? [] : [[key, readLiteral(limit as Json, input.type, [...path, key], context)] as const];
  });
  const declaration: InputDeclaration = {
    name,
    type: input.type,
    required: input.required ?? true,
    ...(written !== undefined && { default: written }),
    ...Object.fromEntries(limits),
    ...(input.options && { options: input.options }),
    ...(pattern !== undefined && { pattern }),
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

const orderedTypes: readonly TypeName[] = ['number', 'integer', 'semver', 'percent', 'duration', 'size', 'time'];

function checkLimits({ type, min, max }: InputShape, name: string, path: Path, context: ValidationContext): void {
  for (const [key, limit] of Object.entries({ min, max })) {
    if (limit === undefined || orderedTypes.includes(type)) continue;
    const at = context.raw.placeOfKey([...path, key]);
    context.report('REL_KEY_MISPLACED', { key, where: `input "${name}"`, belongs: `inputs of the types ${orderedTypes.join(', ')}` }, at);
  }
}

/** What is written in its place as text: the value of an expression for it is read like that of the command line. */
const asText: readonly TypeName[] = ['string', 'choice', 'path', 'semver', 'percent', 'duration', 'size', 'time'];

/** The type of an expression for an input. */
export const expectedOf = (type: TypeName): ScopeType => (asText.includes(type) ? 'string' : type);

/** A default may read other inputs, and what the CI and the record of runs say. */
function readDefault({ type, default: written }: InputShape, path: Path, context: ValidationContext): Value {
  const at = [...path, 'default'];
  if (typeof written !== 'string' || !written.includes('${{')) return readLiteral(written as Json, type, at, context);
  const value = readString(written, at, context.scope.inDefaults(), context, expectedOf(type));
  return value === undefined || isUnknown(value) ? (value ?? '') : readLiteral(value as Json, type, at, context);
}

/** A value of the file in canonical form; reports one that is not of the type. */
export function readLiteral(value: Json, type: TypeName, path: Path, context: ValidationContext): Json {
  const read = inputValue(type, value);
  if (read.ok) return read.value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  context.report('REL_INPUT_INVALID', { name: inputNamed(path), text, problem: read.problem, hint: read.hint }, path);
  return value;
}

/** `inputs.NAME.default`, `environments.ENVIRONMENT.NAME`, `with.NAME` of a step */
const inputNamed = (path: Path): string => String(path[0] === 'inputs' ? path[1] : path.at(-1));

/** The limits leave room, and the default is within them like any other value. */
function checkDefault(input: InputDeclaration, path: Path, context: ValidationContext): void {
  const crossed = crossedLimits(input);
  if (crossed) {
    context.report('REL_LIMITS_OUT_OF_ORDER', { low: 'min', lower: crossed.min, high: 'max', upper: crossed.max }, [...path, 'max']);
    return;
  }
  if (input.default === undefined || isUnknown(input.default)) return;
  checkWithinLimits(input, input.default as Json, [...path, 'default'], 'Change the default or the limits.', context);
}

/** Reports a value of the file that its input does not allow. */
export function checkWithinLimits(input: InputDeclaration, value: Json, path: Path, hint: string, context: ValidationContext): void {
  const problem = limitProblem(input, value);
  if (problem === undefined) return;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  context.report('REL_INPUT_INVALID', { name: input.name, text, problem, hint }, path);
}
