import type { Command } from 'commander';
import { relpipeError } from '../../errors/relpipe-error.ts';
import { parseDuration } from '../../expressions/quantities/duration.ts';

/** What a user says about how a run is driven. */
export interface DrivingOptions {
  readonly parkAfter?: string;
  readonly parkedExitCode?: string;
  readonly json?: boolean;
  readonly report?: string;
}

/** The flags of the commands that drive a run. */
export const addDrivingOptions = (command: Command): Command =>
  command
    .option(
      '--park-after <duration>',
      'exit with 75 (parked) when no task is running and the next wake-up is further away than this ("never" is the default on a terminal, 60s elsewhere)',
    )
    .option('--parked-exit-code <code>', 'exit code of a parked run (default: 75)')
    .option('--json', 'print events as JSON, one object a line')
    .option('--report <file>', 'write the HTML report to this file at the end');

interface Driving {
  /** Missing: it never parks. */
  readonly parkAfterMs?: number;
  readonly parkedExitCode?: number;
}

/** Throws `REL_USAGE` for a `parkAfter` that is neither a duration nor `never`, and for an exit code out of range. */
export function readDrivingOptions(options: DrivingOptions, command = 'run'): Driving {
  const parkedExitCode = readExitCode(options.parkedExitCode, command);
  const parkAfterMs = readParkAfter(options.parkAfter, command);
  return { ...(parkAfterMs !== undefined && { parkAfterMs }), ...(parkedExitCode !== undefined && { parkedExitCode }) };
}

function readExitCode(text: string | undefined, command: string): number | undefined {
  if (text === undefined) return undefined;
  const code = Number(text);
  if (text !== '' && Number.isInteger(code) && code >= 0 && code <= 255) return code;
  throw relpipeError('REL_USAGE', { because: `--parked-exit-code must be a whole number from 0 to 255; found "${text}".`, command });
}

/** Never on a terminal, after a minute elsewhere. */
function readParkAfter(text: string | undefined, command: string): number | undefined {
  if (text === undefined) return process.stdout.isTTY && !process.env['CI'] ? undefined : 60_000;
  if (text === 'never') return undefined;
  const parsed = parseDuration(text);
  if (parsed.ok) return parsed.value;
  throw relpipeError('REL_USAGE', { because: `--park-after must be a duration such as 60s, or "never"; found "${text}".`, command });
}
