import type { Json } from '../contract/index.ts';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { closestNames } from '../util/closest-names.ts';
import type { InputDeclaration } from '../validate/valid-pipeline.ts';
import { examples, parseInput } from '../expressions/input-value.ts';
import { limitProblem } from '../validate/input-limits.ts';

export interface ResolvedInputs {
  /** Canonical. Inputs without a value and a default are missing. */
  readonly values: Readonly<Record<string, Json>>;
  readonly findings: readonly Diagnostic[];
}

/** The values of the inputs: those of the command line, and the defaults of the file. */
export function resolveInputs(declared: readonly InputDeclaration[], given: Readonly<Record<string, string>>): ResolvedInputs {
  const findings: Diagnostic[] = unknownInputs(declared, given);
  const values: Record<string, Json> = {};
  for (const input of declared) {
    const text = Object.hasOwn(given, input.name) ? given[input.name] : undefined;
    const result = text === undefined ? ownValue(input) : givenValue(input, text);
    if ('finding' in result) findings.push(result.finding);
    else if (result.value !== undefined) values[input.name] = result.value;
  }
  return { values, findings };
}

type Result = { readonly value: Json | undefined } | { readonly finding: Diagnostic };

function ownValue(input: InputDeclaration): Result {
  if (input.default !== undefined || !input.required) return { value: input.default };
  const example = input.options?.[0] ?? examples[input.type];
  return { finding: diagnose('REL_INPUT_MISSING', { name: input.name, example }, input.at) };
}

function givenValue(input: InputDeclaration, text: string): Result {
  const { name, at } = input;
  const parsed = parseInput(input.type, text);
  if (!parsed.ok) return { finding: diagnose('REL_INPUT_INVALID', { name, text, problem: parsed.problem, hint: parsed.hint }, at) };
  const problem = limitProblem(input, parsed.value);
  if (problem === undefined) return { value: parsed.value };
  return { finding: diagnose('REL_INPUT_INVALID', { name, text, problem, hint: 'The declaration of the input lists its limits and options.' }, at) };
}

function unknownInputs(declared: readonly InputDeclaration[], given: Readonly<Record<string, string>>): Diagnostic[] {
  const known = declared.map(({ name }) => name);
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => diagnose('REL_INPUT_UNKNOWN', { name, close: closestNames(name, known), known }));
}
