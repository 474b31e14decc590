import { parseJson, StepError } from 'relpipe/plugin';
import { readGrype } from './reports/grype-report.ts';
import { readSarif } from './reports/sarif-report.ts';
import type { ScanReport } from './reports/scan-report.ts';
import { readTrivy } from './reports/trivy-report.ts';

const readers = [readSarif, readTrivy, readGrype] as const;

/** Reads a report by its shape. @throws {StepError} `DOCKER_SCAN_EMPTY`, `DOCKER_SCAN_UNREADABLE`: what measured nothing never passes */
export function readReport(text: string): ScanReport {
  if (text.trim() === '') throw empty('The scanner wrote nothing.');
  const json = parseJson(text);
  const report = readers.map((read) => read(json)).find((one) => one !== undefined);
  if (!report) {
    throw new StepError('DOCKER_SCAN_UNREADABLE', 'The report is neither SARIF 2.1.0 nor the JSON of trivy or grype.', {
      hint: 'Let the scanner write one of them, and nothing else, e.g. `trivy image --quiet --format json`.',
    });
  }
  if (report.measured === undefined) throw empty(`The report of ${report.scanner || 'the scanner'} says nothing that was looked at.`);
  return report;
}

const empty = (message: string) =>
  new StepError('DOCKER_SCAN_EMPTY', message, {
    hint: 'An image without packages that the scanner knows cannot pass; look whether it scans the right image, and has its database.',
  });
