import type { Json } from '../contract/index.ts';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { isRelpipeError } from '../errors/relpipe-error.ts';
import { examples, inputValue, type InputValue, parseInput } from '../expressions/input-value.ts';
import { type Evaluator, missingIn } from '../expressions/load-cel.ts';
import type { CiField, HistoryEntry, Scope } from '../expressions/scope.ts';
import { isUnknown, resolveValue, type Value } from '../expressions/value.ts';
import { closestNames } from '../util/closest-names.ts';
import { inNeedOrder } from '../util/graph.ts';
import { list } from '../util/phrases.ts';
import { inputsReadBy, namesInDefault } from '../validate/input-defaults.ts';
import { limitProblem } from '../validate/input-limits.ts';
import type { InputDeclaration } from '../validate/valid-pipeline.ts';
import type { InputOrigin } from './plan.ts';

/** Everything from outside that the value of an input can come from. */
export interface InputSources {
  /** As written on the command line. */
  readonly given: Readonly<Record<string, string>>;
  /** The environment that was chosen, with its presets in canonical form. */
  readonly environment?: { readonly name: string; readonly values: Readonly<Record<string, Json>> };
  readonly ci?: { readonly system: string; readonly values: Readonly<Partial<Record<CiField, string>>> };
  readonly history?: Readonly<Record<string, readonly HistoryEntry[]>>;
  /** Missing where no default is an expression. */
  readonly evaluator?: Evaluator | undefined;
}

export interface ResolvedInputs {
  /** Canonical. Inputs without a value are missing. */
  readonly values: Readonly<Record<string, Json>>;
  /** Where each value came from. */
  readonly origins: Readonly<Record<string, InputOrigin>>;
  readonly findings: readonly Diagnostic[];
}

/** The values of the inputs: those of the command line, else of the environment, else the defaults of the file. */
export function resolveInputs(declared: readonly InputDeclaration[], sources: InputSources): ResolvedInputs {
  const findings: Diagnostic[] = unknownInputs(declared, sources.given);
  const values: Record<string, Json> = {};
  const origins: Record<string, InputOrigin> = {};
  const failed = new Set<string>();
  for (const input of inNeedOrder(declared.map(withNeeds), ({ name }) => name)) {
    // What follows from a wrong value is not wrong itself.
    const result = input.needs.some((name) => failed.has(name)) && !isGiven(input, sources) ? undefined : valueOf(input, values, sources);
    if (result === undefined || 'finding' in result) {
      failed.add(input.name);
      if (result) findings.push(result.finding);
    } else if (result.value !== undefined) {
      values[input.name] = result.value;
      origins[input.name] = result.origin;
    }
  }
  const inOrder = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(declared.flatMap(({ name }): [string, T][] => (Object.hasOwn(record, name) ? [[name, record[name] as T]] : [])));
  return { values: inOrder(values), origins: inOrder(origins), findings };
}

/** Whether the default of an input is not needed. */
export const isGiven = ({ name }: InputDeclaration, { given, environment }: Pick<InputSources, 'given' | 'environment'>): boolean =>
  Object.hasOwn(given, name) || (environment !== undefined && Object.hasOwn(environment.values, name));

const withNeeds = (input: InputDeclaration) => ({ ...input, needs: inputsReadBy(input.default) });

type Result = { readonly value?: undefined } | { readonly value: Json; readonly origin: InputOrigin } | { readonly finding: Diagnostic };

function valueOf(input: InputDeclaration, known: Readonly<Record<string, Json>>, sources: InputSources): Result {
  const { name } = input;
  const { given, environment } = sources;
  const text = Object.hasOwn(given, name) ? given[name] : undefined;
  if (text !== undefined) return checked(input, text, parseInput(input.type, text), { from: 'given' });
  const preset = environment && Object.hasOwn(environment.values, name) ? environment.values[name] : undefined;
  if (environment && preset !== undefined) return { value: preset, origin: { from: 'environment', detail: environment.name } };
  if (input.default === undefined) return withoutValue(input);
  return isUnknown(input.default) ? defaultOf(input, input.default, known, sources) : { value: input.default as Json, origin: { from: 'default' } };
}

/** The value of a default that reads something; one without a value counts as no default. */
function defaultOf(input: InputDeclaration, written: Value, known: Readonly<Record<string, Json>>, sources: InputSources): Result {
  const { evaluator, environment, ci, history = {} } = sources;
  const scope: Scope = { inputs: known, steps: {}, outputs: {}, run: { ...(environment && { environment: environment.name }) }, ci: ci?.values ?? {}, history };
  try {
    const value = resolveValue(written, ({ $expr }) => evaluator?.evaluate($expr, scope) ?? null);
    return checked(input, typeof value === 'string' ? value : JSON.stringify(value), inputValue(input.type, value), originOf(written, sources));
  } catch (error) {
    if (!isRelpipeError(error)) throw error;
    const missing = missingIn(error);
    if (missing !== undefined) return withoutValue(input, missing);
    const { code, message, hint } = error;
    return { finding: { severity: 'error', code, message, ...(hint !== undefined && { hint }), at: input.at } };
  }
}

function withoutValue(input: InputDeclaration, missing?: string): Result {
  if (!input.required) return {};
  const example = input.options?.[0] ?? examples[input.type];
  return { finding: diagnose('REL_INPUT_MISSING', { name: input.name, example, ...(missing !== undefined && { missing }) }, input.at) };
}

function checked(input: InputDeclaration, text: string, parsed: InputValue, origin: InputOrigin): Result {
  const { name, at } = input;
  if (!parsed.ok) return { finding: diagnose('REL_INPUT_INVALID', { name, text, problem: parsed.problem, hint: parsed.hint }, at) };
  const problem = limitProblem(input, parsed.value);
  if (problem === undefined) return { value: parsed.value, origin };
  return { finding: diagnose('REL_INPUT_INVALID', { name, text, problem, hint: 'The declaration of the input lists its limits and options.' }, at) };
}

/** What a default has read: the record of runs and the CI say more than the file. */
function originOf(written: Value, { ci, history = {} }: InputSources): InputOrigin {
  const names = namesInDefault(written);
  const runs = names.flatMap(({ root, segments: [pipeline, index] }) => {
    const run = root === 'history' ? history[pipeline?.name ?? '']?.[Number(index?.name)]?.run : undefined;
    return run === undefined ? [] : [`run ${run}`];
  });
  if (runs.length > 0) return { from: 'history', detail: list([...new Set(runs)]) };
  const read = names.map(({ root, segments }) => [root, ...segments.map(({ name }) => name)].join('.'));
  const ofCi = read.filter((name) => name.startsWith('ci.'));
  if (ofCi.length > 0) return { from: 'ci', detail: `${list([...new Set(ofCi)])}${ci === undefined ? '' : ` of ${ci.system}`}` };
  return { from: 'default', ...(read.length > 0 && { detail: list([...new Set(read)]) }) };
}

function unknownInputs(declared: readonly InputDeclaration[], given: Readonly<Record<string, string>>): Diagnostic[] {
  const known = declared.map(({ name }) => name);
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => diagnose('REL_INPUT_UNKNOWN', { name, close: closestNames(name, known), known }));
}
