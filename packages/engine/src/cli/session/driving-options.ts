import { relpipeError } from '../../errors/relpipe-error.ts';
import { parseDuration } from '../../expressions/quantities/duration.ts';

/** What a user says about how a run is driven. */
export interface DrivingOptions {
  readonly parkAfter?: string;
  readonly parkedExitCode?: string;
  readonly json?: boolean;
  readonly report?: string;
}

interface Driving {
  /** Missing: it never parks. */
  readonly parkAfterMs?: number;
  readonly parkedExitCode?: number;
}

/** Throws `REL_USAGE` for what is neither a duration nor `never`, and for what is no exit code. */
export function readDrivingOptions(options: DrivingOptions): Driving {
  const parkedExitCode = readExitCode(options.parkedExitCode);
  const parkAfterMs = readParkAfter(options.parkAfter);
  return { ...(parkAfterMs !== undefined && { parkAfterMs }), ...(parkedExitCode !== undefined && { parkedExitCode }) };
}

function readExitCode(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const code = Number(text);
  if (Number.isInteger(code) && code >= 0 && code <= 255) return code;
  throw relpipeError('REL_USAGE', { because: `--parked-exit-code ${text} is no number from 0 to 255.`, command: 'run' });
}

/** Never on a terminal, after a minute elsewhere. */
function readParkAfter(text: string | undefined): number | undefined {
  if (text === undefined) return process.stdout.isTTY && !process.env['CI'] ? undefined : 60_000;
  if (text === 'never') return undefined;
  const parsed = parseDuration(text);
  if (parsed.ok) return parsed.value;
  throw relpipeError('REL_USAGE', { because: `--park-after ${text} is no duration such as 60s, and not "never".`, command: 'run' });
}
