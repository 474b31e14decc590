import type { StepDeclaration } from '../validate/valid-pipeline.ts';
import type { PlanDraft } from './draft.ts';
import { fold, type Folding } from './fold.ts';
import type { Act } from './plan.ts';

/** What a step does, with everything computed that is known already. */
export function actOf(draft: PlanDraft, { action, timeoutMs }: StepDeclaration, folding: Folding): Act {
  switch (action.kind) {
    case 'task':
    case 'composite':
      return {
        act: 'task',
        uses: action.uses,
        with: fold(action.with, folding, ['with']),
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

/** Groups as the people in them. */
const peopleOf = ({ pipeline }: PlanDraft, names: readonly string[]): readonly string[] =>
  [...new Set(names.flatMap((name) => (Object.hasOwn(pipeline.groups, name) ? (pipeline.groups[name] ?? []) : [name])))];
