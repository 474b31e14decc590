import type { Json } from '../../contract/index.ts';
import type { RunScope, Scope } from '../../expressions/scope.ts';
import { isRelpipeError } from '../../errors/relpipe-error.ts';
import type { Expression, Value } from '../../expressions/value.ts';
import { resolveValue } from '../../expressions/resolve-value.ts';
import type { Named } from '../../plan/plan.ts';
import type { Evaluate } from './decision.ts';
import { outcomeOf } from './outcome-of.ts';
import type { Node } from './node.ts';
import { stepOf, type RunState } from './run-state.ts';

/** An expression could not be evaluated; the message is for the reader. */
export class ResolutionError extends Error {}

/** A configuration with every expression evaluated; secrets stay names. */
export function resolveFor(state: RunState, node: Node, value: Value, evaluate: Evaluate): Json {
  try {
    return resolveValue(value, (expression) => evaluateFor(state, node, expression, evaluate));
  } catch (error) {
    // Also what stands in a text as a list or a map is only seen now.
    if (isRelpipeError(error)) throw new ResolutionError(error.message);
    throw error;
  }
}

/** Whether a `when` holds; `isTrue` is missing where that cannot be told. */
export function holdsTrue(
  state: RunState,
  node: Node,
  when: Expression,
  evaluate: Evaluate,
): { readonly isTrue?: boolean; readonly because: string } {
  try {
    const value = evaluateFor(state, node, when, evaluate);
    if (typeof value !== 'boolean') return { because: `its condition gives ${JSON.stringify(value)}, which is neither true nor false` };
    return { isTrue: value, because: `when: ${when.$expr}` };
  } catch (error) {
    if (!(error instanceof ResolutionError)) throw error;
    return { because: error.message };
  }
}

function evaluateFor(state: RunState, node: Node, expression: Expression, evaluate: Evaluate): Json {
  const scope = scopeFor(state, node, expression.reads, evaluate);
  try {
    return evaluate(expression.$expr, scope);
  } catch (error) {
    throw new ResolutionError(error instanceof Error ? error.message : String(error));
  }
}

/** Only what the expression reads: a scope of everything would cost as much as the whole plan, each time. */
function scopeFor(state: RunState, node: Node, reads: readonly string[], evaluate: Evaluate): Scope {
  const steps: Record<string, Json> = {};
  const outputs: Record<string, Json> = {};
  const saved: Record<string, Json> = {};
  for (const name of reads) {
    const named = state.plan.named[name];
    if (named) steps[name] = outputsOf(state, node, named, evaluate);
    const step = state.steps.get(name);
    if (step?.output !== undefined) outputs[name] = step.output;
    if (step?.saved !== undefined) saved[name] = step.saved;
  }
  const { matrix } = node.plan;
  return { inputs: state.plan.inputs, steps, outputs, saved, run: runScope(state), ...(matrix && { matrix }) };
}

/** `{}` where nothing was given: the step was skipped, or failed and was let through. */
function outputsOf(state: RunState, node: Node, named: Named, evaluate: Evaluate): Json {
  switch (named.kind) {
    case 'step': {
      const { output } = stepOf(state, named.step);
      return output === undefined ? {} : { outputs: output };
    }
    case 'composite': {
      if (state.groups.get(named.group)?.end !== 'succeeded') return {};
      return { outputs: resolveFor(state, node, named.outputs, evaluate) };
    }
    case 'matrix':
      return { outputs: named.cells.map((cell) => ({ ...insideOf(outputsOf(state, node, cell.named, evaluate)), matrix: cell.matrix })) };
  }
}

function insideOf(cell: Json): Readonly<Record<string, Json>> {
  const { outputs } = cell as { readonly outputs?: Readonly<Record<string, Json>> };
  return outputs ?? {};
}

function runScope(state: RunState): RunScope {
  return {
    id: state.run,
    started: new Date(state.startedAt).toISOString(),
    ...(state.going === 'finally' && { outcome: outcomeOf(state), because: state.because ?? '', failed: state.failed }),
  };
}
