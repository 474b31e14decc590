import type { Diagnostic } from '../errors/diagnostic.ts';
import { printDiagnostics, type Sources } from '../errors/print-diagnostics.ts';
import { wantsColor } from '../report/text-sink.ts';

/** Findings go to standard error, so that what a command prints stays clean. */
export function showFindings(findings: readonly Diagnostic[], sources: Sources): void {
  if (findings.length === 0) return;
  process.stderr.write(printDiagnostics(findings, sources, { color: wantsColor(process.stderr, process.env) }));
}
