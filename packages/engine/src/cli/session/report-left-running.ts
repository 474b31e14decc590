import { ownerOf } from '../../run/core/operation.ts';
import type { Ending } from '../../run/drive.ts';
import { commandLineOf, processesOf } from '../../run/local/process/list-processes.ts';
import type { Mask } from '../../run/local/masking/mask-secrets.ts';
import { oneLine } from '../../report/text/plain-text.ts';

/**
 * Names what a run that did not succeed has started and what still runs, such as a daemon of a step that had ended. It is not ended: a step may
 * have put it in place on purpose, and its rollback is the place to stop it. Linux only.
 */
export function reportLeftRunning(run: string, ending: Ending | undefined, mask: Mask): void {
  if (ending !== undefined && mayKeep(ending)) return;
  for (const { pid, key } of processesOf(run))
    process.stderr.write(`Still running, started by ${ownerOf(key)}: process ${pid} (${shownCommand(mask.text(commandLineOf(pid)))}). End it with: kill ${pid}\n`);
}

const mayKeep = (ending: Ending): boolean => 'parked' in ending || ('idle' in ending && (ending.idle === 'paused' || ending.outcome === 'succeeded'));

const longest = 120;

const shownCommand = (command: string): string => (command.length > longest ? `${oneLine(command.slice(0, longest))} …` : oneLine(command));
