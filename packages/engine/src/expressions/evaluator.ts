import type { Json } from '../contract/index.ts';
import type { Scope } from './scope.ts';

/** Computes CEL expressions: pure, synchronous, canonical JSON in and out. */
export interface Evaluator {
  /** Throws `REL_EXPRESSION_FAILED`. */
  readonly evaluate: (source: string, scope: Scope) => Json;
}
