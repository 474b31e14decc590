import type { Command } from 'commander';
import type { SettleOptions } from '../commands/settle.ts';
import type { TellOptions } from '../commands/tell.ts';
import type { VoteOptions } from '../commands/vote.ts';
import { journalOption, notBuiltYetOption, repeatedOption, runChanged, stepMeant, type Exit } from './options.ts';

/** Commands by which a person changes a run from outside; each is recorded with who it was and how they were known. */
export function addPeopleCommands(program: Command, exit: Exit): void {
  addVotes(program, exit);
  addSettle(program, exit);
  letter(program, 'continue', 'go on with a frozen run')
    .requiredOption('--reason <text>', 'kept in the record')
    .action(async (run: string | undefined, options: TellOptions) => {
      const { tell } = await import('../commands/tell.ts');
      exit(await tell('continue', run, options));
    });
  letter(program, 'abort', 'stop a run and take back what it did')
    .requiredOption('--reason <text>', 'kept in the record')
    .option('--now', 'at once, not in stages')
    .addOption(notBuiltYetOption('--way <name>', 'abort --way'))
    .action(async (run: string | undefined, options: TellOptions) => {
      const { tell } = await import('../commands/tell.ts');
      exit(await tell('abort', run, options));
    });
}

const letter = (program: Command, name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .argument(...runChanged)
    .addOption(journalOption())
    .option('--as <name>', 'who you are, where the system does not know; recorded as a claim');

function addVotes(program: Command, exit: Exit): void {
  for (const word of ['approve', 'reject'] as const) {
    letter(program, word, `${word} what a run asks for`)
      .argument(...stepMeant)
      .option('-m, --comment <text>', 'kept in the record')
      .action(async (run: string | undefined, step: string | undefined, options: VoteOptions) => {
        const { vote } = await import('../commands/vote.ts');
        exit(await vote(word, run, step, options));
      });
  }
}

function addSettle(program: Command, exit: Exit): void {
  letter(program, 'settle', 'say whether an interrupted step did its work, or that a step is undone by hand')
    .argument(...stepMeant)
    .option('--happened', 'it did')
    .option('--did-not-happen', 'it did not: it runs again')
    .option('--done', 'what the run asked for is done: it looks, and goes on')
    .option('--cannot-be-done', 'it cannot be undone: the rollback has failed')
    .addOption(repeatedOption('--output <name=value>', 'what it would have given'))
    .option('-m, --comment <text>', 'kept in the record')
    .action(async (run: string | undefined, step: string | undefined, options: SettleOptions) => {
      const { settle } = await import('../commands/settle.ts');
      exit(await settle(run, step, options));
    });
}
