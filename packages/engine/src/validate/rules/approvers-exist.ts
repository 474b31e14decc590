import type { ValidationContext, Rule } from '../validation-context.ts';
import { type Action, allSteps, type StepDeclaration } from '../valid-pipeline.ts';

/** Groups that approve are declared, and have as many people as approvals are required. */
export const approversExist: Rule = (pipeline, context) => {
  for (const step of allSteps(pipeline)) {
    if (step.action.kind === 'approval') checkApprovers(step, step.action, context);
  }
};

function checkApprovers(step: StepDeclaration, { of, quorum }: Extract<Action, { kind: 'approval' }>, context: ValidationContext): void {
  const { groups } = context.symbols;
  for (const [index, group] of of.entries()) {
    if (!Object.hasOwn(groups, group)) context.reportUnknown('group', group, Object.keys(groups), step.placeOf(['approvers', 'of', index]));
  }
  const people = new Set(of.flatMap((group) => groups[group] ?? []));
  const areKnown = of.length > 0 && of.every((group) => Object.hasOwn(groups, group));
  if (areKnown && typeof quorum === 'number' && quorum > people.size) {
    context.report('REL_APPROVERS_TOO_FEW', { count: quorum, people: people.size, groups: of }, step.placeOf(['approvers', 'count']));
  }
}
