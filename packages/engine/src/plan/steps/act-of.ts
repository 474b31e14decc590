import type { Value } from '../../expressions/value.ts';
import type { Action, StepDeclaration } from '../../validate/valid-pipeline.ts';
import { canonicalConfig } from '../codec/canonical-config.ts';
import type { PlanDraft } from '../draft.ts';
import { fold, type Folding } from '../fold.ts';
import type { Act } from '../plan.ts';

/** What a step does, with everything computed that is known already. */
export function actOf(draft: PlanDraft, { action, timeoutMs }: StepDeclaration, folding: Folding): Act {
  switch (action.kind) {
    case 'task':
    case 'composite':
      return {
        act: 'task',
        uses: action.uses,
        with: configOf(draft, action, folding),
        attemptTimeoutMs: timeoutMs ?? draft.pipeline.defaults.timeoutMs,
      };
    case 'hold':
      return { act: 'hold', for: fold(action.for, folding, ['hold']), atEnd: action.atEnd };
    case 'gate':
      return { act: 'gate' };
    case 'approval':
      return {
        act: 'approval',
        ask: fold(action.ask, folding, ['approval']),
        quorum: fold(action.quorum, folding, ['approvers', 'count']),
        of: peopleOf(draft, action.of),
      };
  }
}

function configOf({ pipeline }: PlanDraft, { uses, with: config }: Extract<Action, { uses: string }>, folding: Folding): Value {
  const folded = fold(config, folding, ['with']);
  const type = pipeline.registry.steps.get(uses);
  return type ? canonicalConfig(type.with, folded) : folded;
}

/** Groups as the people in them. */
const peopleOf = ({ pipeline }: PlanDraft, names: readonly string[]): readonly string[] =>
  [...new Set(names.flatMap((name) => (Object.hasOwn(pipeline.groups, name) ? (pipeline.groups[name] ?? []) : [name])))];
