import { expressionOf } from '../../expressions/names-in.ts';
import { parseTemplated } from '../../expressions/templates/parse-templated.ts';
import { type PlacedExpression, spanOf } from '../../expressions/templates/split-templated.ts';
import type { ScopeType } from '../../expressions/scope.ts';
import { shifted, textFinding, type TextFinding } from '../../expressions/text-finding.ts';
import { isExpression, isSecretReference, isTemplate, type SecretReference, type Value } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { NamesAt } from '../names-at.ts';
import type { Reading } from '../reading.ts';

/** A text that may hold `${{ … }}`, but no secret; undefined when something in it is wrong, which is then reported. */
export function readText(text: string, path: Path, names: NamesAt, reading: Reading, expected?: ScopeType): Value | undefined {
  const value = readTextOrSecret(text, path, names, reading, expected);
  if (value === undefined || !isSecretReference(value)) return value;
  reading.report('REL_SECRET_NOT_ALLOWED', { key: String(path.findLast((part) => typeof part === 'string')), name: value.$secret }, path);
  return undefined;
}

/** As `readText`, where a secret may stand as well; whether it is declared is checked here. */
export function readTextOrSecret(text: string, path: Path, names: NamesAt, reading: Reading, expected?: ScopeType): Value | undefined {
  if (!text.includes('${{')) return text;
  const parsed = parseTemplated(text);
  if (!parsed.ok) {
    reportInText(parsed.findings, path, reading);
    return undefined;
  }
  if (isSecretReference(parsed.value)) return knownSecret(parsed.value, path, names, reading);
  const isText = isTemplate(parsed.value);
  const findings = parsed.expressions.flatMap((expression) =>
    isText ? findingsInTemplate(expression, names, reading) : findingsIn(expression, names, reading, expected),
  );
  reportInText(findings, path, reading);
  return findings.length > 0 ? undefined : parsed.value;
}

/** As `readText`, where only text can stand: what a lone expression gives is printed as it is inside a text. */
export const readPrinted = (text: string, path: Path, names: NamesAt, reading: Reading): Value | undefined =>
  asPrinted(readText(text, path, names, reading), text, path, names, reading);

export const readPrintedOrSecret = (text: string, path: Path, names: NamesAt, reading: Reading): Value | undefined =>
  asPrinted(readTextOrSecret(text, path, names, reading), text, path, names, reading);

function asPrinted(value: Value | undefined, text: string, path: Path, names: NamesAt, reading: Reading): Value | undefined {
  if (value === undefined || !isExpression(value)) return value;
  const parsed = parseTemplated(text);
  const findings = parsed.ok ? parsed.expressions.flatMap((expression) => findingsInTemplate(expression, names, reading)) : [];
  reportInText(findings, path, reading);
  return findings.length > 0 ? undefined : { $text: [value] };
}

function knownSecret(value: SecretReference, path: Path, { types }: NamesAt, reading: Reading): Value | undefined {
  if (types.secrets.includes(value.$secret)) return value;
  reading.reportUnknown('secret', value.$secret, types.secrets, path);
  return undefined;
}

/** Findings about a stretch of a text, at the place where it stands in the file. */
export function reportInText(findings: readonly TextFinding[], path: Path, reading: Reading): void {
  for (const { code, message, hint, offset, length } of findings) {
    const at = reading.raw.placeInText(path, offset, length);
    reading.diagnostics.push({ severity: 'error', code, message, ...(hint !== undefined && { hint }), at });
  }
}

/** What is wrong with one expression; offsets count from the begin of the text around it. */
export const findingsIn = (expression: PlacedExpression, names: NamesAt, reading: Reading, expected?: ScopeType): readonly TextFinding[] =>
  lookInto(expression, names, reading, expected).findings;

/** As `findingsIn`, for an expression inside a longer text: it must give something that can be printed. */
export function findingsInTemplate(expression: PlacedExpression, names: NamesAt, reading: Reading): readonly TextFinding[] {
  const { findings, type } = lookInto(expression, names, reading);
  if (findings.length > 0 || (type !== 'list' && type !== 'map')) return findings;
  return [textFinding('REL_VALUE_NOT_SCALAR', { source: expression.source.trim(), type }, spanOf(expression))];
}

interface Insight {
  readonly findings: readonly TextFinding[];
  /** What it gives, where that is known. */
  readonly type?: ScopeType;
}

function lookInto({ source, offset }: PlacedExpression, names: NamesAt, reading: Reading, expected?: ScopeType): Insight {
  // What a plugin that could not be loaded would give is not known; the plugin itself is reported.
  if (expressionOf(source).reads.some((step) => reading.settled.isOpaque(step))) return { findings: [] };
  const checked = reading.checkExpression(source, names.types, {
    ...(expected !== undefined && { expected }),
    mayBeSkipped: (step) => names.whyNot(step) === undefined && names.mayBeSkipped(step),
  });
  if (!checked.ok) return { findings: checked.findings.map((finding) => shifted(finding, offset)) };
  const findings = checked.reads.flatMap((read) => {
    const because = names.whyNot(read.step);
    if (because === undefined) return [];
    return [shifted(textFinding('REL_OUTPUT_NOT_AVAILABLE', { step: read.step, because }, read), offset)];
  });
  return { findings, type: checked.type };
}
