import type { Reading } from '../reading.ts';
import type { Action, StepDeclaration } from '../valid-pipeline.ts';
import { everyStep } from '../every-step.ts';
import type { Rule } from './rule.ts';

/** Groups that vote are declared, and have as many people as votes are asked for. */
export const approversExist: Rule = (pipeline, reading) => {
  for (const step of everyStep(pipeline)) {
    if (step.action.kind === 'approval') checkApprovers(step, step.action, reading);
  }
};

function checkApprovers(step: StepDeclaration, { of, quorum }: Extract<Action, { kind: 'approval' }>, reading: Reading): void {
  const { groups } = reading.outline;
  for (const [index, group] of of.entries()) {
    if (!Object.hasOwn(groups, group)) reading.reportUnknown('group', group, Object.keys(groups), step.placeOf(['approvers', 'of', index]));
  }
  const people = new Set(of.flatMap((group) => groups[group] ?? []));
  const areKnown = of.length > 0 && of.every((group) => Object.hasOwn(groups, group));
  if (areKnown && typeof quorum === 'number' && quorum > people.size) {
    reading.report('REL_APPROVERS_TOO_FEW', { count: quorum, people: people.size, groups: of }, step.placeOf(['approvers', 'count']));
  }
}
