import { resolve } from 'node:path';
import { relpipeError } from '../../errors/relpipe-error.ts';
import { approversNow } from '../../run/core/decide/approval.ts';
import { mayOperate } from '../../run/core/decide/operators.ts';
import type { Identity, ResolvedGroups } from '../../run/core/fact.ts';
import type { AskOp } from '../../run/core/operation.ts';
import { groupsIn, peopleIn, unresolvedIn } from '../../run/core/people.ts';
import { stepOf, type RunState } from '../../run/core/state/run-state.ts';
import { mayAnswer } from '../../run/core/votes.ts';
import { type InboxCommand, voterOf } from '../../run/store/inbox-command.ts';
import type { OpenedStore } from './open-store.ts';

/**
 * The open questions as their groups are now, for somebody who was not asked when a question was: people may have come since. Somebody who
 * was asked needs no look-up; the run looks the groups up again itself. Throws `REL_GROUP_UNRESOLVED`.
 */
export async function asksFor(command: InboxCommand, asks: readonly AskOp[], state: RunState, opened: OpenedStore): Promise<readonly AskOp[]> {
  const ask = 'key' in command ? asks.find(({ key }) => key === command.key) : undefined;
  if (ask === undefined || mayAnswer(ask, voterOf(command))) return asks;
  const names = groupsOf(ask, state);
  if (names.length === 0) return asks;
  const groups = await lookUp(names, state, opened);
  const { evaluatorFor } = await import('./run-evaluator.ts');
  const approvers = approversNow(state, stepOf(state, ask.step), (await evaluatorFor(state.plan)).evaluate, groups);
  if (typeof approvers === 'string') throw relpipeError('REL_GROUP_UNRESOLVED', { who: command.who.who, because: approvers, of: ask.of });
  return asks.map((one) => (one === ask ? { ...ask, ...approvers } : one));
}

/** The groups that the run looks up to decide whether an answer to this question counts. */
export function groupsOf({ step, question }: AskOp, state: RunState): readonly string[] {
  const { act } = stepOf(state, step).plan;
  return question === 'approve' && act.act === 'approval' ? groupsIn(act.of, act.except, act.delegates) : [];
}

/** Throws `REL_NOT_AN_OPERATOR`, and `REL_GROUP_UNRESOLVED` where nobody can tell. */
export async function requireOperator({ who }: Identity, state: RunState, opened: OpenedStore): Promise<void> {
  const { operators = [] } = state.plan;
  const names = groupsIn(operators);
  const groups = names.length === 0 ? {} : await lookUp(names, state, opened);
  if (mayOperate(state, { who: { who, by: 'flag' }, groups })) return;
  const because = unresolvedIn(names, groups);
  const of = peopleIn(operators, groups);
  if (because !== undefined) throw relpipeError('REL_GROUP_UNRESOLVED', { who, because, of });
  throw relpipeError('REL_NOT_AN_OPERATOR', { who, of });
}

/** Here and now, with the secrets that this process has. */
async function lookUp(names: readonly string[], state: RunState, opened: OpenedStore): Promise<ResolvedGroups> {
  const { lookUpGroups } = await import('../session/look-up-groups.ts');
  return lookUpGroups(names, state.plan, resolve(opened.root, state.plan.source.file));
}
