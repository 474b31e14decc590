import { relative } from 'node:path';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { printDiagnostics, type Sources } from '../errors/print-diagnostics.ts';
import type { RelpipeError } from '../errors/relpipe-error.ts';
import { githubCommands } from '../report/lines/github-commands.ts';
import { nextCommandsAt } from '../report/text/next-commands.ts';
import { wantsColor } from '../report/text-sink.ts';
import { exitCodes } from './exit-codes.ts';
import { unlessBrokenPipe } from './ignore-broken-pipe.ts';
import { programName } from './program-name.ts';

/** Prints the result of a command. Rejects when it is lost, e.g. on a full disk. */
export async function print(text: string): Promise<void> {
  await written(text).catch(unlessBrokenPipe);
}

const written = (text: string): Promise<void> =>
  new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));

/** Prints what is wrong and what to do next to standard error; returns the exit code that goes with it. */
export function printError({ code, message, hint }: RelpipeError): number {
  const commands = nextCommandsAt({ program: programName() });
  process.stderr.write(`error ${code}: ${message}\n${hint === undefined ? '' : `  hint: ${commands.inText(hint)}\n`}`);
  return meansBusy.has(code) ? exitCodes.busy : exitCodes.refused;
}

const meansBusy: ReadonlySet<string> = new Set(['REL_RUN_BUSY', 'REL_LEASE_LOST', 'REL_OTHER_RUN_OPEN']);

/** Findings go to standard error, so that what a command prints stays clean. */
export function printFindings(findings: readonly Diagnostic[], sources: Sources): void {
  if (findings.length === 0) return;
  process.stderr.write(printDiagnostics(findings, sources, { color: wantsColor(process.stderr, process.env) }));
  if (process.env['GITHUB_ACTIONS'] === 'true') process.stderr.write(annotations(findings));
}

/** On GitHub Actions, a finding is shown at its line of the pull request. */
function annotations(findings: readonly Diagnostic[]): string {
  const root = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
  const lines = findings.map((finding) => {
    const file = finding.at && relative(root, finding.at.file).replaceAll('\\', '/');
    return githubCommands.finding(file, finding);
  });
  return `${lines.join('\n')}\n`;
}
