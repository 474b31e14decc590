/** The findings of a scanner, whatever format it writes. */
export interface ScanReport {
  readonly scanner: string;
  /** Names, IDs and digests of the scanned image; empty when the report does not say. */
  readonly scanned: readonly string[];
  /** The examined parts, in words; undefined when there were none. */
  readonly examined: string | undefined;
  readonly findings: readonly ScanFinding[];
}

export interface ScanFinding {
  readonly id: string;
  readonly severity: Severity;
  /** The affected package, e.g. `openssl 3.0.1`. */
  readonly in: string;
}

export const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
export type Severity = (typeof severities)[number];

/** From a scanner's own word; one that is not known is `unknown`, never harmless. */
export function severityOf(word: string): Severity {
  const lower = word.toLowerCase();
  return severities.find((severity) => severity === lower) ?? 'unknown';
}

/**
 * From a CVSS 3 score, as GitHub reads `security-severity`:
 * https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning.
 */
export function severityOfScore(score: number): Severity {
  if (Number.isNaN(score)) return 'unknown';
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'negligible';
}
