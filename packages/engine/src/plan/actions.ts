import type { StepType } from '../contract/index.ts';
import { diagnose } from '../errors/diagnostic.ts';
import { parseDuration } from '../expressions/quantities/duration.ts';
import { holdsUnknown, secretNamesIn, type Value } from '../expressions/value.ts';
import { runStepType } from '../model/built-in-types.ts';
import { canonicalConfig } from '../schema/planned.ts';
import { plannedShapeProblem } from '../schema/shape-problem.ts';
import type { Action, StepDeclaration, ValidPipeline } from '../validate/valid-pipeline.ts';
import { approvalAct } from './approval.ts';
import { evaluateKnown, type KnownContext } from './evaluate-known.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { Act } from './act.ts';
import type { PlanStep } from './plan.ts';

/** What a step does, with everything evaluated that is known already. */
export function actOf(draft: PlanDraft, { action, timeoutMs }: StepDeclaration, context: KnownContext): Act {
  switch (action.kind) {
    case 'task':
    case 'composite':
      return {
        act: 'task',
        uses: action.uses,
        with: configOf(draft, action, context),
        attemptTimeoutMs: timeoutMs ?? draft.pipeline.defaults.timeoutMs,
        ...targetOf(draft.pipeline.registry.steps.get(action.uses)),
      };
    case 'hold':
      return { act: 'hold', for: lengthOf(action.for, context), atEnd: action.atEnd };
    case 'gate':
      return { act: 'gate' };
    case 'pipeline':
      throw new Error('a sub-pipeline is a group of the plan');
    case 'assert': {
      const { condition, message } = action;
      return { act: 'assert', condition, ...(message !== undefined && { message: evaluateKnown(message, context, ['message']) }) };
    }
    case 'approval':
      return approvalAct(action, context, ['approvers'], ['approval']);
  }
}

/** The fields of its state by which a task names what it has changed. */
export const targetOf = (type: StepType | undefined): Pick<Extract<Act, { act: 'task' }>, 'target'> =>
  type?.target === undefined ? {} : { target: type.target };

/** Only tasks use secrets. */
export const taskSecrets = (act: Act): Pick<PlanStep, 'secrets'> => (act.act === 'task' ? { secrets: secretNamesIn(act.with) } : {});

function configOf({ pipeline, findings }: PlanDraft, { uses, with: written }: Extract<Action, { uses: string }>, context: KnownContext): Value {
  const folded = evaluateKnown(uses === runStepType ? withDefaultEnv(pipeline, written) : written, context, ['with']);
  const type = pipeline.registry.steps.get(uses);
  if (!type) return folded;
  const config = canonicalConfig(type.with, folded);
  // Values of the file were checked when it was read; values that only the run knows are checked there.
  const wrong = !context.isNever && holdsUnknown(written) && !holdsUnknown(config) ? plannedShapeProblem(type.with, config) : undefined;
  if (wrong) findings.push(diagnose('REL_VALUE_INVALID', { problem: wrong.problem }, context.placeOf(['with', ...wrong.path])));
  return config;
}

/** Settings of a command with the variables that every command of the file has; its own win. */
export function withDefaultEnv({ defaults: { env: common } }: ValidPipeline, settings: Value): Value {
  if (common === undefined) return settings;
  const { env = {}, ...rest } = settings as Readonly<Record<string, Value>>;
  return { ...rest, env: { ...common, ...(env as Readonly<Record<string, Value>>) } };
}

/** An expression may return anything, e.g. the cell of a matrix: a value that is known already must be a duration. */
function lengthOf(written: Value, context: KnownContext): Value {
  const length = evaluateKnown(written, context, ['hold']);
  if (holdsUnknown(length)) return length;
  const text = typeof length === 'string' ? length : JSON.stringify(length);
  const parsed = parseDuration(text);
  const at = context.placeOf(['hold']);
  if (!parsed.ok) context.draft.findings.push(diagnose('REL_QUANTITY_INVALID', { key: '"hold"', kind: 'duration', text, likely: parsed.likely }, at));
  else if (parsed.value < 0) context.draft.findings.push(diagnose('REL_DURATION_OUT_OF_RANGE', { key: 'hold', text, isLong: false }, at));
  return length;
}
