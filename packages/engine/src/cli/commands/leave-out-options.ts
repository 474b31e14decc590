import type { Command } from 'commander';
import { relpipeError } from '../../errors/relpipe-error.ts';
import type { LeaveOut } from '../../plan/leave-out.ts';
import { identifyPerson } from '../record/identify-person.ts';
import { repeatedOption } from './options.ts';

/** What a command says about what a run leaves out. */
export interface LeaveOutOptions {
  readonly until?: string;
  readonly skip: readonly string[];
  readonly reason?: string;
}

export const addLeaveOutOptions = (command: Command): Command =>
  command
    .option('--until <stage>', 'end with this stage: run it and the stages that it needs')
    .addOption(repeatedOption('--skip <name>', 'leave out a stage or step that says `skippable`'))
    .option('--reason <text>', 'why something is skipped; recorded');

/** Throws `REL_USAGE` for `--skip` without `--reason`. */
export function readLeaveOut({ until, skip, reason }: LeaveOutOptions, command: string): LeaveOut {
  if (skip.length > 0 && reason === undefined) throw relpipeError('REL_USAGE', { because: '--skip requires --reason.', command });
  const { who } = identifyPerson(undefined, process.env);
  return { until, skip, because: `by ${who}: ${reason ?? ''}` };
}
