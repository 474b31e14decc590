import type { Json } from '../../../contract/index.ts';
import { type Act, type PlanPeople } from '../../../plan/act.ts';
import type { Answered, ResolvedGroups } from '../fact.ts';
import type { AskOp, ResolveOp } from '../operation.ts';
import { groupsIn, peopleIn, unresolvedIn } from '../people.ts';
import type { StepState } from '../state/node.ts';
import type { RunState } from '../state/run-state.ts';
import { type Approvers, approversIn } from '../votes.ts';
import type { Decision, Evaluate } from './decision.ts';
import { ResolutionError, resolveFor } from './expressions.ts';
import { finishStep } from './finish-step.ts';
import { pauseMs } from './retry.ts';

type Approval = Extract<Act, { act: 'approval' }>;

/** The first operation of an approval: its question, or what has to be found out before it can be asked. */
export function firstOfApproval(state: RunState, step: StepState, evaluate: Evaluate): AskOp | ResolveOp {
  const groups = groupsOf(approvalOf(step));
  return groups.length === 0 ? askOp(state, step, evaluate, {}) : resolveOp(step, groups);
}

/** The groups of a question were looked up: it is asked, or they are looked up again after a pause. Until then nobody can approve. */
export function groupsResolved(decision: Decision, step: StepState, groups: ResolvedGroups): void {
  if (step.at !== 'running' || step.stop) return;
  const { key, retry } = step.plan;
  const because = unresolvedIn(groupsOf(approvalOf(step)), groups);
  if (because !== undefined) {
    const until = decision.state.now + pauseMs(retry, step.resolves);
    decision.do({ do: 'ask-later', step: key, because, until });
    decision.timer(`${key}!backoff.${String(step.resolves)}`, key, until, 'backoff');
    return;
  }
  try {
    decision.do({ do: 'start', op: askOp(decision.state, step, decision.evaluate, groups) });
  } catch (error) {
    if (!(error instanceof ResolutionError)) throw error;
    finishStep(decision, step, 'failed', { because: error.message });
  }
}

/** Looks the groups of a question up again. */
export const resolveAgain = (decision: Decision, step: StepState): void =>
  decision.do({ do: 'start', op: resolveOp(step, groupsOf(approvalOf(step))) });

/**
 * The people of an open question are those of its groups when somebody answers. Returns the question as it is now, or why the answer cannot
 * count: a group that nobody could look up has no members.
 */
export function askedNow(decision: Decision, step: StepState, ask: AskOp, { groups }: Answered): AskOp | string {
  if (ask.question !== 'approve' || step.plan.act.act !== 'approval') return ask;
  const names = groupsOf(step.plan.act);
  if (names.length === 0) return ask;
  const approvers = approversNow(decision.state, step, decision.evaluate, groups ?? {});
  if (typeof approvers === 'string') return approvers;
  const { op, key, question, text, fingerprint } = ask;
  const now: AskOp = { op, key, step: ask.step, question, text, ...approvers, fingerprint };
  if (JSON.stringify(approvers) !== JSON.stringify(approversIn(ask))) decision.do({ do: 'ask-others', op: now });
  return now;
}

/** The people whom the question of a step is for, as its groups are now, or why it cannot be asked. */
export function approversNow(state: RunState, step: StepState, evaluate: Evaluate, groups: ResolvedGroups): Approvers | string {
  const because = unresolvedIn(groupsOf(approvalOf(step)), groups);
  if (because !== undefined) return because;
  try {
    return approversOf(state, step, evaluate, groups);
  } catch (error) {
    if (!(error instanceof ResolutionError)) throw error;
    return error.message;
  }
}

function approvalOf({ plan: { act, key } }: StepState): Approval {
  if (act.act !== 'approval') throw new Error(`${key} is not an approval`);
  return act;
}

const groupsOf = ({ of, except, delegates }: Approval): readonly string[] => groupsIn(of, except, delegates);

const resolveOp = ({ plan: { key }, resolves }: StepState, groups: readonly string[]): ResolveOp => ({
  op: 'resolve',
  key: `${key}!groups.${String(resolves + 1)}`,
  step: key,
  groups,
});

function askOp(state: RunState, step: StepState, evaluate: Evaluate, groups: ResolvedGroups): AskOp {
  const act = approvalOf(step);
  const { key } = step.plan;
  return {
    op: 'ask',
    key: `${key}!ask.${String(step.questions + 1)}`,
    step: key,
    question: 'approve',
    text: textOf(resolveFor(state, step, act.ask, evaluate)),
    ...approversOf(state, step, evaluate, groups),
    fingerprint: state.plan.fingerprint,
  };
}

/** Throws `ResolutionError` where too few people could approve: such a question never passes. */
function approversOf(state: RunState, step: StepState, evaluate: Evaluate, groups: ResolvedGroups): Approvers {
  const act = approvalOf(step);
  const named = (list: PlanPeople = []): readonly string[] =>
    peopleIn(list, groups, (names) => namesIn(resolveFor(state, step, names, evaluate)));
  const except = named(act.except);
  const isAllowed = (person: string): boolean => !except.includes(person);
  const of = named(act.of).filter(isAllowed);
  const delegates = named(act.delegates).filter(isAllowed);
  const written = resolveFor(state, step, act.quorum, evaluate);
  const quorum = written === 'all' ? of.length : Number(written);
  if (act.of.length > 0 && of.length === 0) throw new ResolutionError('there is nobody to ask');
  if (!Number.isInteger(quorum) || quorum < 1)
    throw new ResolutionError(`its quorum is ${String(quorum)}; expected an integer of at least 1`);
  if (act.of.length > 0 && quorum > of.length)
    throw new ResolutionError(`its quorum is ${String(quorum)}, but only ${String(of.length)} may approve`);
  return {
    quorum,
    of,
    ...(written === 'all' && { each: true }),
    ...(except.length > 0 && { except }),
    ...(delegates.length > 0 && { delegates }),
    ...(act.items && { items: act.items.map((item) => textOf(resolveFor(state, step, item, evaluate))) }),
  };
}

/** An expression returns a name or a list of names. Several names in one string would be a person whom nobody is. */
function namesIn(value: Json): readonly string[] {
  const names: readonly Json[] = Array.isArray(value) ? value : [value];
  return names.map((name: Json) => {
    if (typeof name === 'string' && name !== '' && !/[,\n]/.test(name)) return name;
    throw new ResolutionError(`its approvers include ${JSON.stringify(name)}; expected a name or a list of names`);
  });
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
