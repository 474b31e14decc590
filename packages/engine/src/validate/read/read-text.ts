import { expressionOf } from '../../expressions/names-in.ts';
import type { ScopeType } from '../../expressions/scope.ts';
import { parseTemplated } from '../../expressions/templates/parse-templated.ts';
import { type PlacedExpression, spanOf } from '../../expressions/templates/split-templated.ts';
import { shifted, textFinding, type TextFinding } from '../../expressions/text-finding.ts';
import { type Expression, isExpression, isSecretReference, isTemplate, type SecretReference, type Value } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { NamesHere } from '../name-scope.ts';
import type { ValidationContext } from '../validation-context.ts';

/** A text that may hold `${{ … }}`, but no secret; undefined when something in it is wrong, which is then reported. */
export function readText(text: string, path: Path, names: NamesHere, context: ValidationContext, expected?: ScopeType): Value | undefined {
  const value = readTextOrSecret(text, path, names, context, expected);
  if (value === undefined || !isSecretReference(value)) return value;
  context.report('REL_SECRET_NOT_ALLOWED', { key: String(path.findLast((part) => typeof part === 'string')), name: value.$secret }, path);
  return undefined;
}

/** As `readText`, where a secret may stand as well; whether it is declared is checked here. */
export function readTextOrSecret(text: string, path: Path, names: NamesHere, context: ValidationContext, expected?: ScopeType): Value | undefined {
  if (!text.includes('${{')) return text;
  const parsed = parseTemplated(text);
  if (!parsed.ok) {
    reportInText(parsed.findings, path, context);
    return undefined;
  }
  if (isSecretReference(parsed.value)) return knownSecret(parsed.value, path, names, context);
  const isText = isTemplate(parsed.value);
  const findings = parsed.expressions.flatMap((expression) =>
    isText ? findingsInTemplate(expression, names, context) : findingsIn(expression, names, context, expected),
  );
  reportInText(findings, path, context);
  return findings.length > 0 ? undefined : parsed.value;
}

/** As `readText`, where only text can stand: what a lone expression gives is printed as it is inside a text. */
export const readPrinted = (text: string, path: Path, names: NamesHere, context: ValidationContext): Value | undefined =>
  asPrinted(readText(text, path, names, context), text, path, names, context);

export const readPrintedOrSecret = (text: string, path: Path, names: NamesHere, context: ValidationContext): Value | undefined =>
  asPrinted(readTextOrSecret(text, path, names, context), text, path, names, context);

function asPrinted(value: Value | undefined, text: string, path: Path, names: NamesHere, context: ValidationContext): Value | undefined {
  if (value === undefined || !isExpression(value)) return value;
  const parsed = parseTemplated(text);
  const findings = parsed.ok ? parsed.expressions.flatMap((expression) => findingsInTemplate(expression, names, context)) : [];
  reportInText(findings, path, context);
  return findings.length > 0 ? undefined : { $text: [value] };
}

function knownSecret(value: SecretReference, path: Path, { types }: NamesHere, context: ValidationContext): Value | undefined {
  if (types.secrets.includes(value.$secret)) return value;
  context.reportUnknown('secret', value.$secret, types.secrets, path);
  return undefined;
}

/** Findings about a stretch of a text, at the place where it stands in the file. */
export function reportInText(findings: readonly TextFinding[], path: Path, context: ValidationContext): void {
  for (const { code, message, hint, offset, length } of findings) {
    const at = context.raw.placeInText(path, offset, length);
    context.diagnostics.push({ severity: 'error', code, message, ...(hint !== undefined && { hint }), at });
  }
}

/** What is wrong with one expression; offsets count from the begin of the text around it. */
export const findingsIn = (expression: PlacedExpression, names: NamesHere, context: ValidationContext, expected?: ScopeType): readonly TextFinding[] =>
  lookInto(expression, names, context, expected).findings;

/** As `findingsIn`, for an expression inside a longer text: it must give something that can be printed. */
export function findingsInTemplate(expression: PlacedExpression, names: NamesHere, context: ValidationContext): readonly TextFinding[] {
  const { findings, type } = lookInto(expression, names, context);
  if (findings.length > 0 || (type !== 'list' && type !== 'map')) return findings;
  return [textFinding('REL_VALUE_NOT_SCALAR', { source: expression.source.trim(), type }, spanOf(expression))];
}

interface Insight {
  readonly findings: readonly TextFinding[];
  /** What it gives, where that is known. */
  readonly type?: ScopeType;
}

function lookInto({ source, offset }: PlacedExpression, names: NamesHere, context: ValidationContext, expected?: ScopeType): Insight {
  // What a plugin that could not be loaded would give is not known; the plugin itself is reported.
  if (expressionOf(source).reads.some((step) => context.scope.isOpaque(step))) return { findings: [] };
  const checked = context.checkExpression(source, names.types, {
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

/** `when:` is CEL, with or without `${{ }}` around it. */
export function readCondition(when: string | boolean, path: Path, names: NamesHere, context: ValidationContext): Expression {
  const text = String(when);
  const [, open = '', inside = text] = /^(\s*\$\{\{)(.*)\}\}\s*$/s.exec(text) ?? [];
  reportInText(findingsIn({ source: inside, offset: open.length }, names, context, 'boolean'), path, context);
  return expressionOf(inside);
}
