import type { Evaluator } from './evaluator.ts';
import type { ScopeTypes } from './scope.ts';

/** Brings the CEL library in, which costs 30 ms, and makes an evaluator: call it only when there is an expression. */
export async function loadEvaluator(types: ScopeTypes): Promise<Evaluator> {
  const { createEvaluator } = await import('./create-evaluator.ts');
  return createEvaluator(types);
}
