import { parseTemplated } from '../../expressions/parse-templated.ts';
import type { ScopeTypes } from '../../expressions/scope.ts';
import type { TextFinding } from '../../expressions/text-finding.ts';
import type { Value } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { Reading } from '../reading.ts';

/** A text that may hold `${{ … }}`; undefined when that is broken, which is then reported. */
export function readText(text: string, path: Path, _scope: ScopeTypes, reading: Reading): Value | undefined {
  if (!text.includes('${{')) return text;
  const parsed = parseTemplated(text);
  if (parsed.ok) return parsed.value;
  reportInText(parsed.findings, path, reading);
  return undefined;
}

/** Findings about a stretch of a text, at the place where it stands in the file. */
export function reportInText(findings: readonly TextFinding[], path: Path, reading: Reading): void {
  for (const { code, message, hint, offset, length } of findings) {
    const at = reading.raw.placeInText(path, offset, length);
    reading.diagnostics.push({ severity: 'error', code, message, ...(hint !== undefined && { hint }), at });
  }
}
