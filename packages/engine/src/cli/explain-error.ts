import type { RelpipeError } from '../errors/relpipe-error.ts';
import { exitCodes } from './exit-codes.ts';

/** Says what is wrong and what to do next; gives the exit code that goes with it. */
export function explainError({ code, message, hint }: RelpipeError): number {
  process.stderr.write(`error ${code}: ${message}\n${hint === undefined ? '' : `  hint: ${hint}\n`}`);
  return code === 'REL_RUN_BUSY' || code === 'REL_LEASE_LOST' ? exitCodes.busy : exitCodes.refused;
}
