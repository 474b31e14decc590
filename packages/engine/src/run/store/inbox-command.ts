import { randomUUID } from 'node:crypto';
import type { Json, Urgency } from '../../contract/index.ts';
import { relpipeError } from '../../errors/relpipe-error.ts';
import type { StepKey } from '../../plan/plan.ts';
import type { Command, Fact, FactBody, Identity } from '../core/fact.ts';
import { type AskOp, type OpKey, ownerOf } from '../core/operation.ts';
import { mayAnswer, type Voter, voterText } from '../core/votes.ts';

/**
 * What another process wants of a run, as JSON. Only the driver appends facts: the process that holds the lease, or takes it next, turns
 * each command in the run's inbox into one fact.
 */
export type InboxCommand = {
  /** Makes it count once, however often it is sent or read. */
  readonly id: string;
  readonly run: string;
  readonly who: Identity;
} & (
  | {
      /** `withdraw`: the approval of the same person no longer counts. */
      readonly command: 'approve' | 'reject' | 'withdraw';
      readonly key: OpKey;
      /** The person in whose place a delegate answers. */
      readonly onBehalfOf?: string;
      /** The items of a checklist that the answer is about, counted from 1. */
      readonly items?: readonly number[];
      /** Of the plan that the person has seen. */
      readonly fingerprint: string;
      readonly comment?: string;
    }
  | {
      readonly command: 'resolve';
      readonly key: OpKey;
      /** It did happen, or was rolled back manually. */
      readonly happened: boolean;
      /** With `happened`: the outputs that the step would have produced. */
      readonly output?: Json;
      readonly fingerprint: string;
      readonly comment?: string;
    }
  | { readonly command: 'pause' | 'stop'; readonly reason: string }
  | {
      readonly command: 'continue';
      readonly reason: string;
      /** A wait that ends early, or with `accept` a failed step that stays as it is. */
      readonly step?: StepKey;
      readonly accept?: true;
    }
  | { readonly command: 'rollback'; readonly reason: string; readonly urgency?: Urgency }
);

type Vote = Extract<InboxCommand, { command: 'approve' | 'reject' | 'withdraw' }>;

/** `approve one/go by ann`, `approve one/go by bob on behalf of ann` */
export const describeCommand = (command: InboxCommand): string =>
  [command.command, ...('key' in command ? [ownerOf(command.key)] : []), 'by', voterText(voterOf(command))].join(' ');

/** The person who sends a command, and in whose place. */
export const voterOf = (command: InboxCommand): Voter => ({
  who: command.who.who,
  ...('onBehalfOf' in command && { onBehalfOf: command.onBehalfOf }),
});

export const newCommandId = (): string => randomUUID();

/** Whether this relpipe knows the command. */
export function isCommand(given: unknown): given is InboxCommand {
  if (!isObject(given) || !isObject(given['who']) || !areTexts(given, ['id', 'run']) || !areTexts(given['who'], ['who', 'by'])) return false;
  switch (given['command']) {
    case 'approve':
    case 'reject':
    case 'withdraw':
      return areTexts(given, ['key', 'fingerprint']) && isVoter(given);
    case 'resolve':
      return areTexts(given, ['key', 'fingerprint']) && typeof given['happened'] === 'boolean';
    case 'pause':
    case 'stop':
      return areTexts(given, ['reason']);
    case 'continue':
      return areTexts(given, ['reason']) && ['string', 'undefined'].includes(typeof given['step']) && [undefined, true].includes(given['accept'] as true | undefined);
    case 'rollback':
      return areTexts(given, ['reason']) && [undefined, 'now', 'staged'].includes(given['urgency'] as string | undefined);
    default:
      return false;
  }
}

const isObject = (given: unknown): given is Readonly<Record<string, unknown>> => typeof given === 'object' && given !== null;

const isVoter = ({ onBehalfOf, items = [] }: Readonly<Record<string, unknown>>): boolean =>
  (onBehalfOf === undefined || typeof onBehalfOf === 'string') && Array.isArray(items) && items.every(Number.isInteger);

const areTexts = (given: Readonly<Record<string, unknown>>, names: readonly string[]): boolean =>
  names.every((name) => typeof given[name] === 'string');

/** The fact that a command becomes. Whether it counts is decided by the core: nothing that was sent vanishes. */
export function factOfCommand(command: InboxCommand): FactBody {
  const { id, who } = command;
  switch (command.command) {
    case 'pause':
    case 'stop':
      return { fact: 'commanded', id, who, command: { name: command.command }, reason: command.reason };
    case 'continue':
      return { fact: 'commanded', id, who, command: orderToContinue(command), reason: command.reason };
    case 'rollback':
      return { fact: 'commanded', id, who, command: { name: 'rollback', urgency: command.urgency ?? 'staged' }, reason: command.reason };
    case 'resolve':
      return { ...answer(command), answer: command.happened ? 'yes' : 'no', ...(command.output !== undefined && { output: command.output }) };
    case 'approve':
    case 'reject':
    case 'withdraw':
      return { ...answer(command), ...aboutVote(command), answer: answers[command.command] };
  }
}

const orderToContinue = ({ step, accept }: Extract<InboxCommand, { command: 'continue' }>): Command => ({
  name: 'continue',
  ...(step !== undefined && { step }),
  ...(accept && { accept }),
});

const aboutVote = ({ onBehalfOf, items }: Vote): Pick<Vote, 'onBehalfOf' | 'items'> => ({
  ...(onBehalfOf !== undefined && { onBehalfOf }),
  ...(items !== undefined && { items }),
});

const answers = { approve: 'yes', reject: 'no', withdraw: 'withdrawn' } as const;

const answer = ({ id, who, key, fingerprint, comment }: Extract<InboxCommand, { key: OpKey }>) => ({
  fact: 'answered' as const,
  key,
  id,
  who,
  fingerprint,
  ...(comment !== undefined && { comment }),
});

/** The command that a fact came from, for stores: recording the fact takes it out of the inbox. */
export const commandIdOf = (fact: Fact): string | undefined => (fact.fact === 'answered' || fact.fact === 'commanded' ? fact.id : undefined);

/**
 * For the sender, before it sends an answer: throws `REL_QUESTION_NOT_OPEN`, `REL_NOT_AN_APPROVER`, `REL_ITEMS_NOT_NAMED`,
 * `REL_ITEM_UNKNOWN` or `REL_ANSWER_PLAN_MISMATCH` when it could not count. Commands that answer nothing pass.
 */
export function checkCommand(command: InboxCommand, asks: readonly AskOp[]): void {
  if (!('key' in command)) return;
  const ask = asks.find(({ key, question }) => key === command.key && (question !== 'approve') === (command.command === 'resolve'));
  if (ask === undefined) throw relpipeError('REL_QUESTION_NOT_OPEN', { key: command.key });
  const voter = voterOf(command);
  if (!mayAnswer(ask, voter)) {
    const { of, except = [], delegates = [] } = ask;
    throw relpipeError('REL_NOT_AN_APPROVER', { ...voter, of, except, delegates });
  }
  if (ask.fingerprint !== command.fingerprint) throw relpipeError('REL_ANSWER_PLAN_MISMATCH', { run: command.run });
  if (command.command !== 'resolve') checkItems(command, ask);
}

/** Each item of a checklist is approved by itself: a yes to all of them at once would be silence about each. */
function checkItems({ command, items }: Vote, ask: AskOp): void {
  const asked = ask.items ?? [];
  const wrong = items?.find((item) => item < 1 || item > asked.length);
  if (wrong !== undefined) throw relpipeError('REL_ITEM_UNKNOWN', { step: ask.step, item: wrong, items: asked });
  if (items === undefined && asked.length > 0 && command === 'approve') throw relpipeError('REL_ITEMS_NOT_NAMED', { step: ask.step, items: asked });
}
