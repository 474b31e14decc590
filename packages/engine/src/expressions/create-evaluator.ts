import { EvaluationError } from '@marcbachmann/cel-js';
import type { Json } from '../contract/index.ts';
import { relpipeError } from '../errors/relpipe-error.ts';
import { compile, type Compiled } from './cel/compile.ts';
import { describeProblem } from './cel/describe-problem.ts';
import { fromCel } from './cel/from-cel.ts';
import { readVariable } from './cel/read-variable.ts';
import type { Evaluator } from './evaluator.ts';
import type { NameTypes } from './name-types.ts';
import type { Scope, ScopeTypes } from './scope.ts';

/** An evaluator for the expressions of one plan. Programs are compiled once. */
export function createEvaluator(types: ScopeTypes): Evaluator {
  const names: NameTypes = { matrix: 'any', run: 'ended', byKey: true, ...types };
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
    return fromCel(program.run(context));
  } catch (error) {
    throw failed(source, problemOf(error, source, program), error);
  }
}

function problemOf(error: unknown, source: string, program: Compiled): string {
  if (!(error instanceof EvaluationError)) return error instanceof Error ? withoutStop(error.message) : String(error);
  const missing = program.variables.find(({ identifier }) => error.summary === `Unknown variable: ${identifier}`);
  if (!missing) return describeProblem(error, source).problem;
  return `${source.slice(missing.name.start, missing.name.end)} has no value`;
}

const failed = (source: string, problem: string, cause?: unknown): Error =>
  relpipeError('REL_EXPRESSION_FAILED', { source: source.trim(), problem }, cause);

const withoutStop = (text: string): string => text.replace(/\.$/, '');
