import type { ValidationContext, Rule } from '../validation-context.ts';
import { allSteps, type ApprovalAction, type GroupDeclaration, type PeopleDeclaration, type StepDeclaration } from '../valid-pipeline.ts';

/** Groups that approve or operate are declared, and those of a list have as many people as approvals are required. */
export const approversExist: Rule = (pipeline, context) => {
  for (const [index, group] of (pipeline.operators ?? []).entries()) checkGroup(group, context, ['operators', index]);
  for (const step of allSteps(pipeline)) {
    if (step.action.kind === 'approval') checkApprovers(step, step.action, pipeline.groups, context);
  }
};

type Groups = Readonly<Record<string, GroupDeclaration>>;

function checkApprovers(step: StepDeclaration, action: ApprovalAction, groups: Groups, context: ValidationContext): void {
  const { of, except = [], delegates = [], quorum, items, atTimeout } = action;
  for (const [key, list] of Object.entries({ of: of ?? [], except, delegates })) {
    for (const [index, entry] of list.entries()) {
      if ('group' in entry) checkGroup(entry.group, context, step.placeOf(['approvers', key, index]));
    }
  }
  if (of === undefined && quorum === 'all') context.report('REL_APPROVERS_LIST_MISSING', { key: 'count: all' }, step.placeOf(['approvers', 'count']));
  if (of === undefined && delegates.length > 0) context.report('REL_APPROVERS_LIST_MISSING', { key: 'delegates' }, step.placeOf(['approvers', 'delegates']));
  if (items !== undefined && atTimeout === 'approve') context.report('REL_SILENCE_CANNOT_APPROVE', {}, step.placeOf(['at-timeout']));
  checkNumber(step, of ?? [], { quorum, except }, groups, context);
}

function checkGroup(group: string, context: ValidationContext, at: Parameters<ValidationContext['report']>[2]): void {
  const { groups } = context.symbols;
  if (!groups.includes(group)) context.reportUnknown('group', group, groups, at);
}

/** As far as the file says who is in the groups. */
function checkNumber(
  step: StepDeclaration,
  of: PeopleDeclaration,
  { quorum, except }: Pick<ApprovalAction, 'quorum'> & { readonly except: PeopleDeclaration },
  groups: Groups,
  context: ValidationContext,
): void {
  const [asked, excepted] = [peopleIn(of, groups), peopleIn(except, groups) ?? []];
  const needed = quorum === 'all' ? 1 : quorum;
  if (asked === undefined || of.length === 0 || typeof needed !== 'number') return;
  const people = new Set(asked.filter((person) => !excepted.includes(person))).size;
  const names = of.flatMap((entry) => ('group' in entry ? [entry.group] : []));
  if (needed > people) context.report('REL_APPROVERS_TOO_FEW', { count: needed, people, groups: names, isExcepted: excepted.length > 0 }, step.placeOf(['approvers', 'count']));
}

/** Undefined where only the run knows them. */
function peopleIn(list: PeopleDeclaration, groups: Groups): readonly string[] | undefined {
  const lists = list.map((entry) => {
    const group = 'group' in entry && Object.hasOwn(groups, entry.group) ? groups[entry.group] : undefined;
    return group !== undefined && 'people' in group ? group.people : undefined;
  });
  return lists.every((people) => people !== undefined) ? lists.flat() : undefined;
}
