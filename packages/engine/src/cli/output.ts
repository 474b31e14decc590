import type { Diagnostic } from '../errors/diagnostic.ts';
import { printDiagnostics, type Sources } from '../errors/print-diagnostics.ts';
import type { RelpipeError } from '../errors/relpipe-error.ts';
import { wantsColor } from '../report/text-sink.ts';
import { exitCodes } from './exit-codes.ts';
import { unlessReaderLeft } from './ignore-broken-pipe.ts';

/** Prints what a command was asked for. Rejects when it is lost, e.g. on a full disk. */
export async function say(text: string): Promise<void> {
  await written(text).catch(unlessReaderLeft);
}

const written = (text: string): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));

/** Says what is wrong and what to do next; gives the exit code that goes with it. */
export function explainError({ code, message, hint }: RelpipeError): number {
  process.stderr.write(`error ${code}: ${message}\n${hint === undefined ? '' : `  hint: ${hint}\n`}`);
  return code === 'REL_RUN_BUSY' || code === 'REL_LEASE_LOST' ? exitCodes.busy : exitCodes.refused;
}

/** Findings go to standard error, so that what a command prints stays clean. */
export function showFindings(findings: readonly Diagnostic[], sources: Sources): void {
  if (findings.length === 0) return;
  process.stderr.write(printDiagnostics(findings, sources, { color: wantsColor(process.stderr, process.env) }));
}
