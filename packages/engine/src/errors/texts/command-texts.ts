import { didYouMean, list } from '../../util/phrases.ts';

/** Errors of the command line: what was asked for cannot be done, and nothing was changed. */
export const commandTexts = {
  REL_COMMAND_NOT_IMPLEMENTED: (p: { command: string }) => ({
    message: `The command ${p.command} is planned, but not implemented yet.`,
    hint: 'List the commands: relpipe --help',
  }),
  REL_COMMAND_RENAMED: (p: { command: string; use: string }) => ({
    message: `The command ${p.command} has another name now.`,
    hint: `Use: ${p.use}`,
  }),
  REL_USAGE: (p: { because: string; command: string }) => ({
    message: p.because,
    hint: `See: relpipe ${p.command} --help`.replace('  ', ' '),
  }),
  REL_NO_RUNS: (p: { journal: string }) => ({
    message: `There are no runs in ${p.journal}.`,
    hint: 'Change to the folder of the pipeline, or name the journal with --journal. To start the first run: relpipe run',
  }),
  REL_RUN_NOT_STARTED: (p: { run: string }) => ({
    message: `Run ${p.run} was created, but its process exited before it started; nothing happened.`,
    hint: 'Start a new one: relpipe run',
  }),
  REL_RUN_AMBIGUOUS: (p: { runs: readonly string[] }) => ({
    message: `Several runs have not ended: ${p.runs.join(', ')}.`,
    hint: 'Name one of them after the command.',
  }),
  REL_RUN_FINISHED: (p: { run: string; outcome: string }) => ({
    message: `Run ${p.run} has ended (${p.outcome}) and can no longer be changed.`,
    hint: `See: relpipe status ${p.run}`,
  }),
  REL_STAGE_UNKNOWN: (p: { stage: string; near: readonly string[]; stages: readonly string[] }) => ({
    message: `The file has no stage "${p.stage}".`,
    hint: didYouMean(p.near) ?? `Its stages: ${p.stages.join(', ')}`,
  }),
  REL_NOT_SKIPPABLE: (p: { name: string; isKnown: boolean; skippable: readonly string[] }) => ({
    message: p.isKnown ? `"${p.name}" does not say that it may be skipped.` : `The file has no stage or step "${p.name}".`,
    hint: p.skippable.length > 0 ? `What may be skipped: ${p.skippable.join(', ')}` : 'Add `skippable: true` to what a person may leave out in an emergency.',
  }),
  REL_STEP_UNKNOWN: (p: { run: string; step: string; near: readonly string[] }) => ({
    message: `Run ${p.run} has no step "${p.step}".`,
    hint: didYouMean(p.near) ?? `List its steps: relpipe status ${p.run}`,
  }),
  REL_STEP_AMBIGUOUS: (p: { steps: readonly string[]; what: string }) => ({
    message: `Several steps can be ${p.what}: ${p.steps.join(', ')}.`,
    hint: 'Name one of them after the run.',
  }),
  REL_NOTHING_WAITING: (p: { run: string; what: string; step?: string | undefined; waiting: readonly string[] }) => ({
    message: `${p.step === undefined ? 'No step' : `No step "${p.step}"`} of run ${p.run} is waiting to be ${p.what}${p.waiting.length > 0 ? `; waiting: ${p.waiting.join(', ')}` : ''}.`,
    hint: `See what the run waits for: relpipe status ${p.run}`,
  }),
  REL_RUN_NOT_PAUSED: (p: { run: string }) => ({
    message: `Run ${p.run} is not paused, so there is nothing to continue.`,
    hint: `To end the wait of a step early, name the step: relpipe continue ${p.run} STEP --reason "…". See what it waits for: relpipe status ${p.run}`,
  }),
  REL_NOTHING_TO_CONTINUE: (p: { run: string; accept: boolean; step: string | undefined; fitting: readonly string[] }) => ({
    message: `${p.step === undefined ? 'No step' : `No step "${p.step}"`} of run ${p.run} ${p.accept ? 'has failed and waits for a decision' : 'waits for a time or a gate that a person may end early'}${p.fitting.length > 0 ? `; possible: ${p.fitting.join(', ')}` : ''}.`,
    hint: p.accept ? `See what has failed: relpipe status ${p.run}` : `Questions are answered with relpipe approve, and a gate that fails is not overruled. See: relpipe status ${p.run}`,
  }),
  REL_QUESTION_NOT_OPEN: (p: { key: string }) => ({
    message: `The step "${p.key}" is not waiting for an answer.`,
    hint: 'See what the run waits for: relpipe status',
  }),
  REL_ALREADY_ANSWERED: (p: { run: string; step: string; because: string }) => ({
    message: `The question of step ${p.step} is already ${p.because}; another answer would not count.`,
    hint: `See what the run waits for: relpipe status ${p.run}`,
  }),
  REL_NOTHING_TO_WITHDRAW: (p: { run: string; step: string; who: string }) => ({
    message: `${p.who} has no approval of step ${p.step} that could be withdrawn.`,
    hint: `See what the run waits for: relpipe status ${p.run}`,
  }),
  REL_COMMAND_CHANGED: (p: { run: string; says: string | undefined }) => ({
    message: `A command to run ${p.run} was changed or removed after it was recorded, and is not executed${p.says === undefined ? '' : `; now it says: ${p.says}`}.`,
    hint: 'Find out who changed the journal. Then give the command again.',
  }),
  REL_COMMAND_NEWER: (p: { run: string; says: string | undefined }) => ({
    message: `A command to run ${p.run} is not executed, because only a newer relpipe knows it.`,
    hint: 'Resume the run with the relpipe that recorded the command: npm install relpipe@latest',
  }),
  REL_NOT_AN_APPROVER: (p: { who: string; onBehalfOf?: string; of: readonly string[]; except: readonly string[]; delegates: readonly string[] }) => ({
    message: `${whyNotApprover(p)}; ${approversText(p)}.`,
    hint: p.delegates.includes(p.who) && p.onBehalfOf === undefined
      ? 'Answer on behalf of one of them: --on-behalf-of NAME'
      : 'Ask one of them, or add the person to the group in the pipeline file and start a new run.',
  }),
  REL_ITEMS_NOT_NAMED: (p: { step: string; items: readonly string[] }) => ({
    message: `The question of step ${p.step} is a checklist, and each item is approved by itself: ${numbered(p.items)}.`,
    hint: 'Name what you have checked: --item 1 --item 2',
  }),
  REL_ITEM_UNKNOWN: (p: { step: string; item: number; items: readonly string[] }) => ({
    message: `The question of step ${p.step} has no item ${p.item}${p.items.length === 0 ? '; it is not a checklist' : ` among ${numbered(p.items)}`}.`,
    hint: p.items.length === 0 ? 'Answer without --item.' : `Items are counted from 1 to ${p.items.length}.`,
  }),
  REL_GROUP_UNRESOLVED: (p: { who: string; because: string; of: readonly string[] }) => ({
    message: `Whether ${p.who} may do this is not known: ${p.because}.${p.of.length === 0 ? '' : ` Last time it was ${p.of.join(', ')}.`}`,
    hint: 'Nothing was recorded. Try again when the group can be looked up; its command or plugin may need a secret in the environment.',
  }),
  REL_ANSWER_NOT_COUNTED: (p: { who: string; step: string; because: string; of: readonly string[] }) => ({
    message: `The answer of ${p.who} to the question of step ${p.step} does not count: ${p.because}${p.of.length === 0 ? '' : `; those who can answer are ${p.of.join(', ')}`}.`,
    hint: 'It is recorded as not counted. When the reason is gone, answer again.',
  }),
  REL_NOT_AN_OPERATOR: (p: { who: string; of: readonly string[] }) => ({
    message: `${p.who} is not an operator of this pipeline; the operators are ${p.of.length === 0 ? 'nobody now' : p.of.join(', ')}.`,
    hint: 'Ask one of them. Everybody may roll back a run that is not over.',
  }),
  REL_ANSWER_PLAN_MISMATCH: (p: { run: string }) => ({
    message: `This answer is for another plan than the one of run ${p.run}.`,
    hint: `Read the current plan and answer again: relpipe status ${p.run}`,
  }),
  REL_SECRETS_MISSING: (p: { names: readonly string[] }) => ({
    message: `The environment has no value for ${p.names.join(', ')}.`,
    hint: `Set ${p.names.length === 1 ? 'it' : 'them'} in the environment of this command; nothing was started.`,
  }),
  REL_COMMIT_MISMATCH: (p: { run: string; recorded: string; here: string | undefined }) => ({
    message: `Run ${p.run} was planned at commit ${p.recorded.slice(0, 12)}, but ${p.here === undefined ? 'this folder is not a working tree of its repository' : `the working tree is at ${p.here.slice(0, 12)}`}.`,
    hint:
      p.here === undefined
        ? 'Change to a clone of that repository.'
        : `Resume it in a working tree of its own: relpipe resume ${p.run} --checkout`,
  }),
  REL_CHECKOUT_FAILED: (p: { commit: string; isMissing: boolean; because: string }) => ({
    message: `Git could not create a working tree at ${p.commit.slice(0, 12)}: ${p.because}.`,
    hint: p.isMissing
      ? `This clone does not have that commit. Fetch it first: git fetch origin ${p.commit}`
      : 'Change to a clone of the repository in which this user may create working trees.',
  }),
  REL_PLUGIN_CHANGED: (p: { changed: readonly { package: string; recorded: string; here: string }[]; install: string }) => ({
    message: `The run was planned with ${list(p.changed.map((one) => `${one.package} ${one.recorded}`))}, but ${list(p.changed.map((one) => `${one.package} ${one.here}`))} ${p.changed.length === 1 ? 'is' : 'are'} installed.`,
    hint: `${p.install}.`,
  }),
  REL_PLUGIN_CONTENT_CHANGED: (p: { run: string; packages: readonly string[] }) => ({
    message: `The installed files of ${list(p.packages)} differ from those that the run was planned with.`,
    hint: `Install the package again (npm ci). To use what is installed now: relpipe resume ${p.run} --accept-changed-plugins`,
  }),
};

interface Asked {
  readonly who: string;
  readonly onBehalfOf?: string;
  readonly of: readonly string[];
  readonly except: readonly string[];
  readonly delegates: readonly string[];
}

function whyNotApprover({ who, onBehalfOf, except, of }: Asked): string {
  if (except.includes(who)) return `${who} may not answer this question`;
  if (onBehalfOf === undefined || onBehalfOf === who) return `${who} is not an approver here`;
  return of.includes(onBehalfOf) ? `${who} is not a delegate here` : `${onBehalfOf} is not an approver here, so nobody answers on behalf of ${onBehalfOf}`;
}

const approversText = ({ of, except, delegates }: Asked): string =>
  [
    of.length > 0 ? `the approvers are ${of.join(', ')}` : `anybody else may answer for themselves${except.length > 0 ? `, except ${except.join(', ')}` : ''}`,
    ...(delegates.length > 0 ? [`their delegates are ${delegates.join(', ')}`] : []),
  ].join('; ');

/** `1. API changes documented, 2. Migration guide updated` */
const numbered = (items: readonly string[]): string => items.map((item, n) => `${n + 1}. ${item}`).join(', ');
