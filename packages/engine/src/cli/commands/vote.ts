import { InvalidArgumentError } from 'commander';
import { voterText } from '../../run/core/votes.ts';
import { voterOf } from '../../run/store/inbox-command.ts';
import { findQuestion } from '../record/find.ts';
import { printRecorded, sendCommand, type SendOptions } from '../record/send-command.ts';
import { addPersonOptions, changedRun, namedStep, type AddCommand } from './options.ts';

interface VoteOptions extends SendOptions {
  readonly comment?: string;
  readonly withdraw?: boolean;
  readonly item?: readonly number[];
  readonly onBehalfOf?: string;
}

/** `relpipe approve [RUN] [STEP]` */
export const addApprove: AddCommand = (program, exit) => addVote('approve', 'approve a step that waits for an approval', program, exit);

/** `relpipe reject [RUN] [STEP]` */
export const addReject: AddCommand = (program, exit) => addVote('reject', 'reject a step that waits for an approval', program, exit);

const done = { approve: 'approved', reject: 'rejected', withdraw: 'withdrawn' } as const;
type Vote = keyof typeof done;

function addVote(name: Exclude<Vote, 'withdraw'>, description: string, ...[program, exit]: Parameters<AddCommand>): void {
  const command = program.command(name).description(description).argument(...changedRun).argument(...namedStep);
  if (name === 'approve') {
    command.option('--withdraw', 'withdraw your approval, while the question is open');
    command.option('--item <number>', 'approve this item of a checklist; can be repeated', readItem);
  }
  addPersonOptions(command)
    .option('--on-behalf-of <name>', 'answer as a delegate of this person; both names are recorded')
    .option('-m, --comment <text>', 'recorded with the vote')
    .action(async (run: string | undefined, step: string | undefined, options: VoteOptions) =>
      exit(await vote(options.withdraw === true ? 'withdraw' : name, run, step, options)),
    );
}

function vote(name: Vote, run: string | undefined, step: string | undefined, options: VoteOptions): Promise<number> {
  return sendCommand(
    [run, step],
    options,
    (from, state, named) => {
      const { key, fingerprint } = findQuestion(state, named, ['approve'], done[name]);
      return { ...from, command: name, key, fingerprint, ...aboutVote(options) };
    },
    (sent) => printRecorded(`${name === 'withdraw' ? 'approval withdrawn' : done[name]} by ${voterText(voterOf(sent.command))}`, sent),
  );
}

const aboutVote = ({ comment, item, onBehalfOf }: VoteOptions) => ({
  ...(comment !== undefined && { comment }),
  ...(item !== undefined && { items: item }),
  ...(onBehalfOf !== undefined && { onBehalfOf }),
});

function readItem(text: string, items: readonly number[] = []): readonly number[] {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Items are counted from 1.');
  return [...items, Number(text)];
}
