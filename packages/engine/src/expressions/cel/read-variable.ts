import type { Json } from '../../contract/index.ts';
import type { NameTypes } from '../name-types.ts';
import type { Name } from '../names-in.ts';
import type { FieldTypes, Scope } from '../scope.ts';
import type { TypedVariable } from './compile.ts';
import { toCel } from './to-cel.ts';

/** The value of a name, as CEL calculates with it; `undefined` when there is none, e.g. an output of a skipped step. */
export function readVariable({ name, type }: TypedVariable, scope: Scope, types: NameTypes): unknown {
  const value = valueAt(rootOf(name, scope), name);
  if (value === undefined) return undefined;
  const [id, , field] = name.segments;
  const step = name.root === 'steps' && !field && id ? types.steps[id.name] : undefined;
  return step ? wholeOutputs(value, step.outputs) : toCel(type, value);
}

function rootOf(name: Name, scope: Scope): unknown {
  const [first] = name.segments;
  // A step that has not settled is a mistake in the plan; `default(…)` must not hide it.
  if (name.root === 'steps' && first && !Object.hasOwn(scope.steps, first.name)) {
    throw new Error(`the step "${first.name}" has not settled yet`);
  }
  return name.root === 'secrets' ? undefined : scope[name.root];
}

function valueAt(root: unknown, { segments }: Name): Json | undefined {
  return segments.reduce<unknown>((value, { name }) => {
    const isMap = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isMap ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  }, root) as Json | undefined;
}

/** All outputs of a step, or of every cell of its matrix. */
function wholeOutputs(value: Json, fields: FieldTypes): unknown {
  if (Array.isArray(value)) return value.map((cell: Json) => wholeOutputs(cell, fields));
  const entries = Object.entries(value as Readonly<Record<string, Json>>);
  return Object.fromEntries(entries.map(([name, inner]) => [name, toCel(fields[name] ?? 'any', inner)]));
}
