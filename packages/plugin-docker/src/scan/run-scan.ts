import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { logLines } from '../cli/log-lines.ts';
import { openLogin } from '../cli/open-login.ts';
import { parseReference, printReference } from '../reference/image-reference.ts';
import { chooseScanner } from './choose-scanner.ts';
import { isOfImage } from './is-of-image.ts';
import { readReport } from './read-report.ts';
import type { ScanFinding, ScanReport } from './reports/scan-report.ts';
import type { ScanConfig, Scanned } from './scan-config.ts';
import { severities } from './severity.ts';

/** Scans the image and holds what was found to its limits. @throws {StepError} `DOCKER_SCAN_…` */
export async function runScan(config: ScanConfig, context: ReadContext): Promise<Scanned> {
  const command = config.command ?? (config.report === undefined ? await chooseScanner(imageOf(config), context) : undefined);
  const { text, code } = command ? await scan(command, config, context) : { text: await readIfThere(config, context), code: 0 };
  const report = readOrFail(text, code, config, context);
  refuseOther(report, config, context);
  const { findings, scanner } = report;
  context.log(`${scanner} looked at ${report.measured ?? ''}: ${findings.length} findings`);
  const counts = Object.fromEntries(severities.map((severity) => [severity, findings.filter((one) => one.severity === severity).length])) as Omit<Scanned, 'scanner'>;
  refuseFindings(findings, counts, config, context);
  // Scanners say by their exit code what they found, or that they broke; the limits are held, so it is the second.
  if (code !== 0) throw new StepError('DOCKER_SCAN_FAILED', `The scanner ended with code ${code}, and its report says nothing of why.`, { hint: 'Let it end with 0 whatever it finds: `max` is what decides.' });
  return { scanner, ...counts };
}

async function scan(command: readonly string[], config: ScanConfig, context: ReadContext): Promise<{ readonly text: string; readonly code: number }> {
  // A report of an earlier scan must not be taken for this one's.
  if (config.report !== undefined) await rm(resolve(context.workdir, config.report), { force: true });
  await using login = await openLogin(config.logins);
  const { code, stdout, stderr } = await context.exec(command, { env: login.env });
  logLines(stderr, context);
  return { code, text: config.report === undefined ? stdout : await readIfThere(config, context) };
}

const readIfThere = ({ report = '' }: ScanConfig, { workdir }: ReadContext): Promise<string> => readFile(resolve(workdir, report), 'utf8').catch(() => '');

/** A scanner that broke tells more by its exit code than by the report that is missing. */
function readOrFail(text: string, code: number, config: ScanConfig, context: ReadContext): ScanReport {
  if (code === 0 || text.trim() !== '') return readReport(text);
  const hint = 'What it wrote is in the log of the step.';
  context.log(`no report${config.report === undefined ? '' : ` in ${config.report}`}`);
  throw new StepError('DOCKER_SCAN_FAILED', `The scanner ended with code ${code} and without a report.`, { hint, retryable: true });
}

function refuseOther({ scanned }: ScanReport, config: ScanConfig, context: ReadContext): void {
  if (scanned.length === 0) return context.log('the report does not say which image it is of');
  if (isOfImage(scanned, config.image)) return;
  throw new StepError('DOCKER_SCAN_OTHER_IMAGE', `The report is of ${scanned[0] ?? ''}, and not of ${config.image}.`, { hint: 'Let the command scan this image.' });
}

function refuseFindings(findings: readonly ScanFinding[], counts: Omit<Scanned, 'scanner'>, { max = { critical: 0, high: 0 } }: ScanConfig, context: ReadContext): void {
  const over = severities.filter((severity) => counts[severity] > (max[severity] ?? Infinity));
  if (over.length === 0) return;
  const worst = findings.filter(({ severity }) => over.includes(severity));
  for (const one of worst.slice(0, 50)) context.log(`${one.severity}: ${one.id} in ${one.in}`);
  const words = over.map((severity) => `${counts[severity]} ${severity} (at most ${max[severity] ?? 0})`).join(', ');
  throw new StepError('DOCKER_SCAN_FINDINGS', `The scan found ${words}, first ${worst[0]?.id ?? ''} in ${worst[0]?.in ?? ''}.`, {
    hint: 'Update what has them; what is accepted goes into the ignore file of the scanner, or raise `max`.',
  });
}

const imageOf = ({ image }: ScanConfig): string => printReference(parseReference(image));
