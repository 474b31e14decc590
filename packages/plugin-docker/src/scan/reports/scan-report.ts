import type { Severity } from '../severity.ts';

/** What a scanner has found, whatever it writes. */
export interface ScanReport {
  readonly scanner: string;
  /** Names, IDs and digests of what was scanned; none where the report does not say. */
  readonly scanned: readonly string[];
  /** What was looked at, in words; undefined when that was nothing. */
  readonly measured: string | undefined;
  readonly findings: readonly ScanFinding[];
}

export interface ScanFinding {
  readonly id: string;
  readonly severity: Severity;
  /** Where, e.g. `openssl 3.0.1`. */
  readonly in: string;
}
