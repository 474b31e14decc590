import { setTimeout as pause } from 'node:timers/promises';
import { relpipeError } from '../../errors/relpipe-error.ts';
import { replayEvents } from '../../report/events/project-events.ts';
import { nextCommandsAt } from '../../report/text/next-commands.ts';
import type { Identity } from '../../run/core/fact.ts';
import type { AskOp } from '../../run/core/operation.ts';
import { isForEverybody } from '../../run/core/people.ts';
import type { Approvers, Vote } from '../../run/core/votes.ts';
import { approvalsText } from '../../report/text/approval-text.ts';
import { openAsks } from '../../run/core/state/open-ops.ts';
import { stepOf, type RunState } from '../../run/core/state/run-state.ts';
import { earlierAnswer, votesWith } from '../../run/store/earlier-answer.ts';
import { checkCommand, describeCommand, newCommandId, type InboxCommand } from '../../run/store/inbox-command.ts';
import type { RunStore } from '../../run/store/run-store.ts';
import { exitCodes } from '../exit-codes.ts';
import { print } from '../output.ts';
import { asksFor, groupsOf, requireOperator } from './ask-groups.ts';
import { findRunAndStep, type NamedRun } from './find.ts';
import { identifyPerson } from './identify-person.ts';
import { commandPlace, withStore, type OpenedStore } from './open-store.ts';
import { printRefused } from './print-refused.ts';
import { readRecordedRun } from './read-recorded-run.ts';
import { silentDriverText } from './silent-driver.ts';

export interface SendOptions {
  readonly journal?: string;
  readonly as?: string;
}

/** Makes the command of who sends it, of the state of the run, and of the step that was named, if any. */
type WriteCommand = (
  from: { readonly id: string; readonly run: string; readonly who: Identity },
  state: RunState,
  step: string | undefined,
) => InboxCommand | Promise<InboxCommand>;

interface SentCommand {
  readonly command: InboxCommand;
  readonly opened: OpenedStore;
  /** The same person has given the same answer before: it was not sent again. */
  readonly isRepeated: boolean;
  /** Of an answer to an approval: who has to approve, and the approvals that count now. */
  readonly approvals?: { readonly approvers: Approvers; readonly votes: readonly Vote[] };
}

/** Puts a command into the inbox of a run; the process that executes the run, or resumes it next, turns it into a fact. */
export const sendCommand = <T>(
  words: NamedRun,
  options: SendOptions,
  write: WriteCommand,
  then: (sent: SentCommand) => Promise<T>,
): Promise<T> =>
  withStore({ file: options.journal, access: 'write' }, async (opened) => {
    const { run, step } = await findRunAndStep(opened.store, words);
    const { state } = await readRecordedRun(opened.store, run);
    const command = await write({ id: newCommandId(), run, who: identifyPerson(options.as, process.env) }, state, step);
    if (!('key' in command) && !isForEverybody(command.command)) await requireOperator(command.who, state, opened);
    const asks = await asksFor(command, openAsks(state), state, opened);
    checkCommand(command, asks);
    printRefused(run, await opened.store.refusedCommands(run));
    const inbox = await opened.store.inbox(run);
    const ask = 'key' in command ? asks.find(({ key }) => key === command.key) : undefined;
    const isRepeated = ask !== undefined && isAnswerRepeated(command, ask, state, inbox);
    if (!isRepeated) await opened.store.send(command);
    if (!isRepeated && ask !== undefined && groupsOf(ask, state).length > 0) await refuseUncounted(opened.store, command, ask);
    return then({ command, opened, isRepeated, ...(ask?.question === 'approve' && { approvals: approvalsTo(ask, command, state, inbox) }) });
  });

const approvalsTo = (ask: AskOp, command: InboxCommand, state: RunState, inbox: readonly InboxCommand[]) => ({
  approvers: ask,
  votes: votesWith(ask, stepOf(state, ask.step).votes, [...inbox, command]),
});

/**
 * Whether the same answer of the same person is recorded already. Throws `REL_ALREADY_ANSWERED` when another answer is final, and
 * `REL_NOTHING_TO_WITHDRAW`.
 */
function isAnswerRepeated(command: InboxCommand, ask: AskOp, state: RunState, inbox: readonly InboxCommand[]): boolean {
  const earlier = earlierAnswer(command, ask, stepOf(state, ask.step).votes, inbox);
  const { run, who } = command;
  if (earlier === undefined) return false;
  if (earlier.is === 'final') throw relpipeError('REL_ALREADY_ANSWERED', { run, step: ask.step, because: earlier.because });
  if (earlier.is === 'missing') throw relpipeError('REL_NOTHING_TO_WITHDRAW', { run, step: ask.step, who: who.who });
  return true;
}

/** Where groups are looked up again, the process that executes the run may find that the answer does not count. Throws `REL_ANSWER_NOT_COUNTED`. */
async function refuseUncounted(store: RunStore, command: InboxCommand, ask: AskOp): Promise<void> {
  if (!(await isAcknowledged(store, command))) return;
  const { facts } = await store.readRun(command.run);
  const { state } = replayEvents(facts);
  const votes = facts.flatMap((fact) => (fact.fact === 'decided' ? fact.changes : [])).filter((change) => change.do === 'vote');
  const vote = votes.find(({ answer }) => answer === command.id);
  if (vote?.counts !== false) return;
  const { of } = openAsks(state).find(({ key }) => key === ask.key) ?? ask;
  throw relpipeError('REL_ANSWER_NOT_COUNTED', { who: command.who.who, step: ask.step, because: vote.because ?? 'this person is not asked now', of });
}

/** A driver reads its inbox once a second at the latest; one that has not for so long is busy. */
const acknowledgedWithinMs = 10_000;

/**
 * Waits until the run has taken the command, or its process does not answer; false when no process executes it and the command is still in the
 * inbox.
 */
export async function isAcknowledged(store: RunStore, { id, run }: InboxCommand): Promise<boolean> {
  const until = Date.now() + acknowledgedWithinMs;
  for (;;) {
    // Asked first: a driver that takes the command and ends in between has acknowledged it.
    const driver = await store.driver(run);
    if (!(await store.inbox(run)).some((command) => command.id === id)) return true;
    if (driver === undefined) return false;
    if (driver.isSilent || Date.now() > until) return true;
    await pause(50);
  }
}

/** The process that acts on a command that was just recorded, or how to start one. */
export async function whoActsOnIt(opened: OpenedStore, run: string): Promise<string> {
  const driver = await opened.store.driver(run);
  const resume = nextCommandsAt(commandPlace(opened)).resume(run);
  if (driver === undefined) return `No process is executing run ${run}. Resume it with: ${resume}`;
  return driver.isSilent ? `Nothing has acted on it yet. ${silentDriverText(driver, run, resume)}` : `The process that executes run ${run} acts on it.`;
}

/** Prints what was recorded, what comes before it, and who acts on it; returns the exit code. */
export async function printRecorded(recorded: string, { command, opened, isRepeated, approvals }: SentCommand): Promise<number> {
  const now = approvals === undefined || command.command === 'reject' ? '' : ` ${approvalsText(approvals.approvers, approvals.votes)}`;
  if (isRepeated) {
    await print(`Your answer is already recorded: ${recorded}.${now} ${await whoActsOnIt(opened, command.run)}\n`);
    return exitCodes.succeeded;
  }
  const earlier = (await opened.store.inbox(command.run)).filter(({ id }) => id !== command.id).map(describeCommand);
  const order = earlier.length > 0 ? ` Recorded before, and handled first: ${earlier.join(', ')}.` : '';
  await print(`Recorded: ${recorded}.${now}${order} ${await whoActsOnIt(opened, command.run)}\n`);
  return exitCodes.succeeded;
}
