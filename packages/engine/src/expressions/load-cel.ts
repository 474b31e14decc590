import type { Json } from '../contract/index.ts';
import { isRelpipeError } from '../errors/relpipe-error.ts';
import type { CheckedExpression, CheckOptions } from './check-expression.ts';
import type { NameTypes, Scope, ScopeTypes } from './scope.ts';

/** Brings the CEL library in, which takes tens of milliseconds, and makes an evaluator: call it only when there is an expression. */
export async function loadEvaluator(types: ScopeTypes): Promise<Evaluator> {
  const { createEvaluator } = await import('./create-evaluator.ts');
  return createEvaluator(types);
}

/** Computes CEL expressions: pure, synchronous, canonical JSON in and out. */
export interface Evaluator {
  /** Throws `REL_EXPRESSION_FAILED`. */
  readonly evaluate: (source: string, scope: Scope) => Json;
}

/** Why an evaluation failed that read a name without a value. */
export class NoValue extends Error {
  readonly missing: string;

  constructor(missing: string) {
    super(`${missing} has no value`);
    this.missing = missing;
  }
}

/** The name without a value that an error of `evaluate` is about, if it is. */
export const missingIn = (error: unknown): string | undefined =>
  isRelpipeError(error) && error.cause instanceof NoValue ? error.cause.missing : undefined;

/** See `checkExpression`. */
export type CheckExpression = (source: string, types: NameTypes, options?: CheckOptions) => CheckedExpression;

/** Brings the CEL library in only where the source of a file may hold an expression. */
export async function loadCheckExpression(source: string): Promise<CheckExpression> {
  return mayHoldExpression.test(source) ? (await import('./check-expression.ts')).checkExpression : noExpression;
}

/** A template, a condition, or an escape that could stand for a piece of one. */
const mayHoldExpression = /\$\{\{|when|assert|\\/;

function noExpression(source: string): never {
  throw new Error(`a file without expressions has ${source}`);
}
