import { loadOpenings, type NextOpening } from '../../calendar/load-openings.ts';
import type { Json } from '../../contract/index.ts';
import { type Evaluator, loadEvaluator } from '../../expressions/load-cel.ts';
import { holdsUnknown } from '../../expressions/value.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Evaluate } from '../../run/core/decide/decision.ts';
import { outputsOfRun } from '../../run/core/decide/expressions.ts';
import type { RunState } from '../../run/core/state/run-state.ts';

/** What evaluates the expressions of a run, each with the types of its file. The library is loaded only for a plan that has expressions left. */
export async function evaluatorFor(plan: Plan): Promise<Evaluator> {
  if (!holdsUnknown(plan)) return { evaluate: noExpression };
  const own = await loadEvaluator(plan.types);
  const pipelines = new Map<string, Evaluator>();
  for (const [key, { types }] of Object.entries(plan.pipelines ?? {})) pipelines.set(key, await loadEvaluator(types));
  return { evaluate: (source, scope) => (pipelines.get(scope.pipeline ?? '') ?? own).evaluate(source, scope) };
}

/** What says when the windows of a run open; loaded only for a plan that has some. */
export const openingsFor = async ({ windows }: Plan): Promise<NextOpening | undefined> => (windows ? (await loadOpenings()).nextOpening : undefined);

function noExpression(source: string): never {
  throw new Error(`a plan without expressions contains ${source}`);
}

/** The outputs of the file: as recorded when the run ended, else as far as its steps have produced what they read. */
export const outputsOf = (state: RunState, evaluate: Evaluate): Readonly<Record<string, Json>> => state.outputs ?? outputsOfRun(state, evaluate);
