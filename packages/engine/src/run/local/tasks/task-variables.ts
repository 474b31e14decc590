import type { OpKey } from '../../core/operation.ts';

/** By these the processes of an op are known, whoever started them. */
export const opVariables = (run: string, key: OpKey): Readonly<Record<string, string>> => ({ RELPIPE_RUN_ID: run, RELPIPE_OP: key });

/**
 * The environment that commands start from: the engine's own without the run's secrets, which reach a command only where the file
 * hands them over.
 */
export function environmentWithout(secrets: readonly string[]): Readonly<Record<string, string>> {
  const kept = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined && !secrets.includes(entry[0]));
  return Object.fromEntries(kept);
}
