import type { CheckedExpression, CheckOptions } from './check-expression.ts';
import type { NameTypes } from '../name-types.ts';

/** See `checkExpression`. */
export type CheckExpression = (source: string, types: NameTypes, options?: CheckOptions) => CheckedExpression;

/** Brings the CEL library in, which costs 15 ms, where the source of a file may hold an expression. */
export async function loadCheckExpression(source: string): Promise<CheckExpression> {
  return mayHoldExpression.test(source) ? (await import('./check-expression.ts')).checkExpression : noExpression;
}

/** A template, a condition, or an escape that could stand for a piece of one. */
const mayHoldExpression = /\$\{\{|when|\\/;

function noExpression(source: string): never {
  throw new Error(`a file without expressions has ${source}`);
}
