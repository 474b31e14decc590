import { warn } from '../../errors/diagnostic.ts';
import type { RefusedCommand } from '../../run/store/sealed-command.ts';
import { printFindings } from '../output.ts';

/** Says of commands in the inbox of a run that nobody executes them, and why. */
export const printRefused = (run: string, refused: readonly RefusedCommand[]): void =>
  printFindings(
    refused.map(({ because, says }) => warn(because === 'changed' ? 'REL_COMMAND_CHANGED' : 'REL_COMMAND_NEWER', { run, says })),
    new Map(),
  );
