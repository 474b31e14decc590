import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isLater, StepError, type Finding, type PlannedConfig, type ReadContext } from 'relpipe/plugin';
import { findingFrom, readIfThere } from 'relpipe/plugin/toolkit';
import { notChecked } from '../checks.ts';
import { openLogin } from '../credentials/open-login.ts';
import { logLines, succeeds } from '../docker/command.ts';
import { parseReference, printReference, type ImageReference } from '../image/reference.ts';
import { readReport } from './read-report.ts';
import { severities, type ScanFinding, type ScanReport, type Severity } from './scan-report.ts';
import type { ScanConfig, Scanned, ScanSchema } from './scan.ts';

/** Whether a scanner is installed, if the file names none. */
export async function verify({ image, command, report }: PlannedConfig<ScanSchema>, context: ReadContext): Promise<readonly Finding[]> {
  const unknown = isLater(image) || isLater(command) ? [notChecked] : [];
  if (command !== undefined || report !== undefined) return unknown;
  try {
    await chooseScanner('an image', context);
    return unknown;
  } catch (error) {
    return [...unknown, findingFrom(error)];
  }
}

/** Scans the image and compares the findings with their limits. @throws {StepError} `DOCKER_SCAN_…` */
export async function run(config: ScanConfig, context: ReadContext): Promise<Scanned> {
  const name = printReference(parseReference(config.image));
  const command = config.command ?? (config.report === undefined ? await chooseScanner(name, context) : undefined);
  const { text, code } = command ? await execute(command, config, context) : { text: await readReportFile(config, context), code: 0 };
  const report = parse(text, code, config, context);
  requireImage(report, config, context);
  const { findings, scanner, examined = '' } = report;
  context.log(`${scanner} examined ${examined}: ${findings.length} findings`);
  const counts = countOf(findings);
  requireLimits(findings, counts, config, context);
  // By its exit code a scanner reports findings, or its own failure. The findings are within their limits, so it has failed.
  if (code !== 0) throw failedAfterReport(code);
  return { scanner, ...counts };
}

/** The command of the first scanner that is installed. @throws {StepError} `DOCKER_SCANNER_MISSING` */
async function chooseScanner(image: string, context: ReadContext): Promise<readonly string[]> {
  const trivy = ['trivy', 'image', '--quiet', '--scanners', 'vuln', '--format', 'json', image];
  const grype = ['grype', image, '--quiet', '--output', 'json'];
  if (await succeeds(['trivy', '--version'], context)) return trivy;
  if (await succeeds(['grype', '--version'], context)) return grype;
  throw new StepError('DOCKER_SCANNER_MISSING', 'Neither trivy nor grype is installed on this machine.', {
    hint: 'Install one of them, or name another scanner in `command`.',
  });
}

interface Executed {
  readonly text: string;
  readonly code: number;
}

async function execute(command: readonly string[], config: ScanConfig, context: ReadContext): Promise<Executed> {
  // The report of an earlier scan must not be taken for this one's.
  if (config.report !== undefined) await rm(resolve(context.workdir, config.report), { force: true });
  await using login = await openLogin(config.logins);
  const { code, stdout, stderr } = await context.exec(command, { env: login.env });
  logLines(stderr, context);
  return { code, text: config.report === undefined ? stdout : await readReportFile(config, context) };
}

/** Empty when the scanner wrote none. */
const readReportFile = async ({ report = '' }: ScanConfig, { workdir }: ReadContext): Promise<string> =>
  (await readIfThere(resolve(workdir, report), 'utf8')) ?? '';

/** The exit code of a scanner that failed tells more than its missing report. */
function parse(text: string, code: number, { report }: ScanConfig, context: ReadContext): ScanReport {
  if (code === 0 || text.trim() !== '') return readReport(text);
  context.log(`there is no report${report === undefined ? '' : ` in ${report}`}`);
  throw new StepError('DOCKER_SCAN_FAILED', `The scanner exited with code ${code} and without a report.`, {
    hint: 'See its output in the log of the step.',
    retryable: true,
  });
}

const failedAfterReport = (code: number) =>
  new StepError('DOCKER_SCAN_FAILED', `The scanner exited with code ${code}, and its report does not say why.`, {
    hint: 'Let it exit with 0 whatever it finds: `max` decides.',
  });

function requireImage({ scanned }: ScanReport, { image }: ScanConfig, context: ReadContext): void {
  if (scanned.length === 0) return context.log('the report does not name the image that was scanned');
  if (isImage(scanned, parseReference(image))) return;
  throw new StepError('DOCKER_SCAN_IMAGE_MISMATCH', `The report is about ${scanned[0] ?? ''}, and not about ${image}.`, {
    hint: 'Let the command scan this image.',
  });
}

/** Whether one of the names in a report is the image: by its digest if that is known, else by its name. */
function isImage(names: readonly string[], wanted: ImageReference): boolean {
  const { digest } = wanted;
  if (digest !== undefined) return names.some((name) => name.includes(digest));
  return names.some((name) => printTag(parseReference(name)) === printTag(wanted));
}

const printTag = (reference: ImageReference): string =>
  printReference({ ...reference, tag: reference.tag ?? 'latest', digest: undefined });

type Counts = Readonly<Record<Severity, number>>;

const countOf = (findings: readonly ScanFinding[]): Counts =>
  Object.fromEntries(severities.map((severity) => [severity, findings.filter((one) => one.severity === severity).length])) as Counts;

function requireLimits(
  findings: readonly ScanFinding[],
  counts: Counts,
  { max = { critical: 0, high: 0 } }: ScanConfig,
  context: ReadContext,
): void {
  const over = severities.filter((severity) => counts[severity] > (max[severity] ?? Infinity));
  if (over.length === 0) return;
  const worst = findings.filter(({ severity }) => over.includes(severity));
  for (const one of worst.slice(0, 50)) context.log(`${one.severity}: ${one.id} in ${one.in}`);
  const found = over.map((severity) => `${counts[severity]} ${severity} (maximum ${max[severity] ?? 0})`).join(', ');
  throw new StepError('DOCKER_SCAN_FINDINGS', `The scan found ${found}, first ${worst[0]?.id ?? ''} in ${worst[0]?.in ?? ''}.`, {
    hint: "Update the affected packages, enter accepted findings into the scanner's ignore file, or raise `max`.",
  });
}
