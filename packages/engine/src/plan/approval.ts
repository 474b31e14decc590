import { diagnose } from '../errors/diagnostic.ts';
import { holdsUnknown, type Value } from '../expressions/value.ts';
import type { Path } from '../load/raw-pipeline.ts';
import { describe } from '../schema/describe.ts';
import type { ApprovalAction, PeopleDeclaration } from '../validate/valid-pipeline.ts';
import { evaluateKnown, type KnownContext } from './evaluate-known.ts';
import type { Act, PlanPeople } from './act.ts';
import { keyIn, type PlanDraft } from './plan-draft.ts';

type Approval = Extract<Act, { act: 'approval' }>;

/**
 * A question with everything evaluated that is known already. As far as it is, the number must be at least 1, and there must be as many
 * people. `path`: the place of the approvers; `asked`: that of the question.
 */
export function approvalAct(action: ApprovalAction, context: KnownContext, path: Path, asked: Path): Approval {
  const { of, except, delegates, items, atTimeout } = action;
  const people = (key: string, list: PeopleDeclaration): PlanPeople => planPeople(list, context, [...path, key]);
  const quorum = evaluateKnown(action.quorum, context, [...path, 'count']);
  const act: Approval = {
    act: 'approval',
    ask: evaluateKnown(action.ask, context, asked),
    quorum,
    of: people('of', of ?? []),
    ...(except && { except: people('except', except) }),
    ...(delegates && { delegates: people('delegates', delegates) }),
    ...(items && { items: evaluateKnown(items, context, ['items']) as readonly Value[] }),
    ...(atTimeout && { atTimeout }),
  };
  checkNumber(act, of ?? [], context, [...path, 'count']);
  return act;
}

function checkNumber({ quorum, of, except = [] }: Approval, written: PeopleDeclaration, context: KnownContext, path: Path): void {
  const { findings } = context.draft;
  const isNumber = typeof quorum === 'number' && quorum >= 1;
  if (!isNumber && quorum !== 'all' && !holdsUnknown(quorum)) {
    const details = { key: '"count"', expected: 'a number of people, 1 or more, or all', found: describe(quorum), close: [] };
    findings.push(diagnose('REL_VALUE_UNEXPECTED', details, context.placeOf(path)));
    return;
  }
  const { groups: declared } = context.draft.pipeline;
  const isOpen = written.length === 0 || written.some((entry) => 'group' in entry && !Object.hasOwn(declared, entry.group));
  if (isOpen || [...of, ...except].some((entry) => typeof entry !== 'string')) return;
  const people = of.filter((person) => !except.includes(person)).length;
  const count = isNumber ? quorum : 1;
  const groups = written.map((entry) => ('group' in entry ? entry.group : 'the expression'));
  if (count > people) findings.push(diagnose('REL_APPROVERS_TOO_FEW', { count, people, groups, isExcepted: except.length > 0 }, context.placeOf(path)));
}

/** The people of lists by name, groups that are looked up in the run, and expressions that are not known yet. */
function planPeople(list: PeopleDeclaration, context: KnownContext, path: Path): PlanPeople {
  const people = list.flatMap<PlanPeople[number]>((entry, n) => {
    if ('group' in entry) return membersOf(context.draft, entry.group);
    const names = evaluateKnown(entry.names, context, [...path, n]);
    return holdsUnknown(names) ? [{ names }] : knownNames(names, context, [...path, n]);
  });
  return [...new Map(people.map((entry) => [JSON.stringify(entry), entry])).values()];
}

/** A group of a file, as the plan names it where it is looked up in the run. */
export function membersOf({ pipeline, frame }: PlanDraft, name: string): PlanPeople {
  const group = Object.hasOwn(pipeline.groups, name) ? pipeline.groups[name] : undefined;
  if (group === undefined) return [];
  return 'people' in group ? group.people : [{ group: keyIn(frame, name) }];
}

function knownNames(value: Value, { draft, placeOf }: KnownContext, path: Path): readonly string[] {
  const names: readonly Value[] = Array.isArray(value) ? value : [value];
  const wrong = names.find((name) => typeof name !== 'string' || name === '' || /[,\n]/.test(name));
  if (wrong === undefined) return names as readonly string[];
  const details = { key: 'each of the approvers', expected: 'a name or a list of names', found: describe(wrong), close: [] };
  draft.findings.push(diagnose('REL_VALUE_UNEXPECTED', details, placeOf(path)));
  return [];
}
