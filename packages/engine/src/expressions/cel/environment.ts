import { type ASTNode, Environment, EvaluationError } from '@marcbachmann/cel-js';
import { parserLimits } from './limits.ts';
import { matches } from '../patterns.ts';
import { addMixedNumbers, addQuantities } from './quantity-type.ts';
import { replacements } from './rewrite.ts';
import { addSemver } from './semver-type.ts';
import { addTime } from './time-type.ts';

/** CEL with the types and functions of the language, and no variables yet: clone it and register what an expression reads. */
export function createEnvironment(): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false, limits: parserLimits });
  addQuantities(environment);
  addSemver(environment);
  addTime(environment);
  addMixedNumbers(environment);
  addDefault(environment);
  return environment.registerFunction(`string.${replacements.matches}(string): bool`, matches);
}

/** `default(x, y)`: x, or y when x reads an output of a skipped step, or a key that is not there. */
function addDefault(environment: Environment): void {
  environment.registerFunction('default(ast, ast): dyn', ({ args: [value, otherwise] }: { args: [ASTNode, ASTNode] }) => ({
    value,
    otherwise,
    widens: false,
    typeCheck,
    evaluate,
  }));
}

function typeCheck(checker: Checker, macro: Macro, context: unknown): Type {
  const type = checker.check(macro.value, context);
  const other = checker.check(macro.otherwise, context);
  macro.widens = type.name === 'double' && other.name === 'int';
  const both = macro.widens ? type : type.unify(checker.registry, other);
  if (both) return both;
  const problem = `default(…) needs two values of one type, got '${type.name}' and '${other.name}'`;
  throw checker.createError('incompatible_default', problem, macro.otherwise);
}

function evaluate(evaluator: Evaluator, macro: Macro, context: unknown): unknown {
  try {
    return evaluator.run(macro.value, context);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const value = evaluator.run(macro.otherwise, context);
    return macro.widens ? Number(value) : value;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof EvaluationError && (error.code === 'unknown_variable' || error.code === 'no_such_key');

/** The arguments that the library passes to a macro; it does not export their types. */
interface Type {
  readonly name: string;
  unify(registry: unknown, other: Type): Type | null;
}
interface Checker {
  readonly registry: unknown;
  check(node: ASTNode, context: unknown): Type;
  createError(code: string, message: string, node: ASTNode): Error;
}
interface Evaluator {
  run(node: ASTNode, context: unknown): unknown;
}
interface Macro {
  readonly value: ASTNode;
  readonly otherwise: ASTNode;
  /** The integer in `default(steps.x.outputs.ratio, 0)` becomes a number. */
  widens: boolean;
}
