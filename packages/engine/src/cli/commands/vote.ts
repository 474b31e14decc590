import { findQuestion } from '../record/find.ts';
import { printRecorded, sendCommand, type SendOptions } from '../record/send-command.ts';
import { addPersonOptions, changedRun, namedStep, type AddCommand } from './options.ts';

interface VoteOptions extends SendOptions {
  readonly comment?: string;
  readonly withdraw?: boolean;
}

/** `relpipe approve [RUN] [STEP]` */
export const addApprove: AddCommand = (program, exit) => addVote('approve', 'approve a step that waits for an approval', program, exit);

/** `relpipe reject [RUN] [STEP]` */
export const addReject: AddCommand = (program, exit) => addVote('reject', 'reject a step that waits for an approval', program, exit);

const done = { approve: 'approved', reject: 'rejected', withdraw: 'withdrawn' } as const;
type Vote = keyof typeof done;

function addVote(name: Exclude<Vote, 'withdraw'>, description: string, ...[program, exit]: Parameters<AddCommand>): void {
  const command = program.command(name).description(description).argument(...changedRun).argument(...namedStep);
  if (name === 'approve') command.option('--withdraw', 'withdraw your approval, while the question is open');
  addPersonOptions(command)
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
      return { ...from, command: name, key, fingerprint, ...(options.comment !== undefined && { comment: options.comment }) };
    },
    (sent) => printRecorded(`${name === 'withdraw' ? 'approval withdrawn' : done[name]} by ${sent.command.who.who}`, sent),
  );
}
