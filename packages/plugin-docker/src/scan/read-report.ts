import { StepError } from 'relpipe/plugin';
import { parseJson } from 'relpipe/plugin/toolkit';
import { readGrype } from './grype-report.ts';
import { readSarif } from './sarif-report.ts';
import type { ScanReport } from './scan-report.ts';
import { readTrivy } from './trivy-report.ts';

const readers = [readSarif, readTrivy, readGrype] as const;

/**
 * Reads a report by its shape. A scan that examined nothing never passes.
 * @throws {StepError} `DOCKER_SCAN_EMPTY`, `DOCKER_SCAN_UNREADABLE`
 */
export function readReport(text: string): ScanReport {
  if (text.trim() === '') throw empty('The scanner wrote no report.');
  const json = parseJson(text);
  const report = readers.map((read) => read(json)).find((one) => one !== undefined);
  if (!report) {
    throw new StepError('DOCKER_SCAN_UNREADABLE', 'The report is neither SARIF 2.1.0 nor the JSON of trivy or grype.', {
      hint: 'Let the scanner write one of these formats, and nothing else, e.g. `trivy image --quiet --format json`.',
    });
  }
  if (report.examined === undefined) throw empty(`According to its report, ${report.scanner || 'the scanner'} examined nothing.`);
  return report;
}

const empty = (message: string) =>
  new StepError('DOCKER_SCAN_EMPTY', message, {
    hint: 'Check that the scanner has its database and scans the right image; an image without packages that it knows cannot pass.',
  });
