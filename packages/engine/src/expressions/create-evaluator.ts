import { EvaluationError } from '@marcbachmann/cel-js';
import type { Json } from '../contract/index.ts';
import { relpipeError } from '../errors/relpipe-error.ts';
import { compile, type Compiled, type TypedVariable } from './cel/compile.ts';
import { describeProblem } from './cel/describe-problem.ts';
import { TooCostlyError } from './cel/limits.ts';
import { fromCel, toCel } from './cel/convert-values.ts';
import { type Evaluator, NoValue } from './load-cel.ts';
import type { Name } from './names-in.ts';
import { groupsOfWhole } from './patterns.ts';
import { reservedKeyProblem } from './reserved-keys.ts';
import type { FieldTypes, NameTypes, Scope, ScopeType, ScopeTypes } from './scope.ts';

/** An evaluator for the expressions of one plan. Programs are compiled once. */
export function createEvaluator(types: ScopeTypes): Evaluator {
  const names: NameTypes = { matrix: 'any', run: 'ended', environments: ['any'], byKey: true, inDefaults: true, ...types };
  const programs = new Map<string, Compiled>();
  return {
    evaluate(source, scope) {
      let program = programs.get(source);
      if (!program) programs.set(source, (program = compileOrThrow(source, names)));
      return run(source, program, scope, names);
    },
  };
}

function compileOrThrow(source: string, names: NameTypes): Compiled {
  const compiled = compile(source, names);
  if (compiled.ok) return compiled;
  throw failed(source, compiled.findings.map(({ message }) => withoutStop(message)).join('; '));
}

function run(source: string, program: Compiled, scope: Scope, names: NameTypes): Json {
  try {
    const context: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const variable of program.variables) {
      const value = readVariable(variable, scope, names);
      if (value !== undefined) context[variable.identifier] = value;
    }
    return dataOnly(fromCel(program.run(context)));
  } catch (error) {
    if (error instanceof TooCostlyError) throw relpipeError('REL_EXPRESSION_LIMIT', { problem: error.message }, error);
    const missing = missingName(error, source, program);
    throw missing ? failed(source, missing.message, missing) : failed(source, problemOf(error, source), error);
  }
}

/** A value that is put into a configuration, where a reserved key would make it an expression or a secret. */
function dataOnly(value: Json): Json {
  const problem = reservedKeyProblem(value);
  if (problem !== undefined) throw new Error(problem);
  return value;
}

function problemOf(error: unknown, source: string): string {
  if (!(error instanceof EvaluationError)) return error instanceof Error ? withoutStop(error.message) : String(error);
  return describeProblem(error, source).problem;
}

/** A name without a value, if that is why an evaluation failed. */
function missingName(error: unknown, source: string, { variables }: Compiled): NoValue | undefined {
  if (!(error instanceof EvaluationError)) return undefined;
  const missing = variables.find(({ identifier }) => error.summary === `Unknown variable: ${identifier}`);
  return missing && new NoValue(source.slice(missing.name.start, missing.name.end));
}

const failed = (source: string, problem: string, cause?: unknown): Error =>
  relpipeError('REL_EXPRESSION_FAILED', { source: source.trim(), problem }, cause);

const withoutStop = (text: string): string => text.replace(/\.$/, '');

/** The value of a name, as CEL calculates with it; `undefined` when there is none, e.g. an output of a skipped step. */
function readVariable({ name, type }: TypedVariable, scope: Scope, types: NameTypes): unknown {
  const value = name.root === 'inputs' && name.segments.length > 1 ? patternGroup(name, scope, types) : valueAt(rootOf(name, scope), name);
  if (name.isPresence) return value !== undefined;
  if (value === undefined) return undefined;
  if (name.root === 'history') return toCel(historyType(name, scope), value);
  const [id, , field] = name.segments;
  const step = name.root === 'steps' && !field && id ? types.steps[id.name] : undefined;
  return step ? wholeOutputs(value, step.outputs) : toCel(type, value);
}

/** `inputs.tag.version`: what a named group of the pattern has matched. */
function patternGroup({ segments: [input, group] }: Name, { inputs }: Scope, { patterns = {} }: NameTypes): Json | undefined {
  const value = inputs[input?.name ?? ''];
  return typeof value === 'string' ? groupsOfWhole(value, patterns[input?.name ?? ''] ?? '')?.[group?.name ?? ''] : undefined;
}

/** The type that the other pipeline has declared. */
function historyType({ segments: [pipeline, index, kind, field] }: Name, { history = {} }: Scope): ScopeType {
  const entry = history[pipeline?.name ?? '']?.[Number(index?.name)];
  return (kind?.name === 'inputs' ? entry?.types[field?.name ?? ''] : undefined) ?? 'any';
}

function rootOf(name: Name, scope: Scope): unknown {
  const [first] = name.segments;
  // A step that has not finished is a mistake in the plan; `default(…)` must not hide it.
  if (name.root === 'steps' && first && !Object.hasOwn(scope.steps, first.name)) {
    throw new Error(`the step "${first.name}" has not finished yet`);
  }
  return scope[name.root];
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
