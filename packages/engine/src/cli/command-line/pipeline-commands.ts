import type { Command } from 'commander';
import type { PlanCommandOptions } from '../commands/plan.ts';
import { defaultFile, inputOption, type Exit } from './options.ts';

/** Commands about a file: they change nothing. */
export function addPipelineCommands(program: Command, exit: Exit): void {
  program
    .command('validate')
    .description('check a pipeline file and say everything that is wrong with it')
    .argument('[file]', 'the pipeline', defaultFile)
    .action(async (file: string) => {
      const { validate } = await import('../commands/validate.ts');
      exit(await validate(file));
    });
  program
    .command('plan')
    .description('show what a run would do, how each step is undone, and what could not be checked; changes nothing')
    .argument('[file]', 'the pipeline', defaultFile)
    .addOption(inputOption())
    .option('--json', 'the plan as JSON')
    .action(async (file: string, options: PlanCommandOptions) => {
      const { plan } = await import('../commands/plan.ts');
      exit(await plan(file, options));
    });
}
