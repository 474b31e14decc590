import { expressionOf } from '../../expressions/names-in.ts';
import type { ScopeType } from '../../expressions/scope.ts';
import { parseTemplated } from '../../expressions/templates/parse-templated.ts';
import { type PlacedExpression, spanOf } from '../../expressions/templates/split-templated.ts';
import { shifted, textFinding, type TextFinding } from '../../expressions/text-finding.ts';
import { type Expression, isExpression, isSecretReference, isTemplate, type SecretReference, type Value } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { NamesHere } from '../name-scope.ts';
import type { ValidationContext } from '../validation-context.ts';

/** A string that may contain `${{ … }}`, but no secret; undefined when something in it is wrong, which is then reported. */
export function readString(
  text: string,
  path: Path,
  names: NamesHere,
  context: ValidationContext,
  expected?: ScopeType,
): Value | undefined {
  const value = readStringOrSecret(text, path, names, context, expected);
  if (value === undefined || !isSecretReference(value)) return value;
  context.report('REL_SECRET_NOT_ALLOWED', { key: String(path.findLast((part) => typeof part === 'string')), name: value.$secret }, path);
  return undefined;
}

/** As `readString`, where a secret is allowed as well; also checks that it is declared. */
export function readStringOrSecret(
  text: string,
  path: Path,
  names: NamesHere,
  context: ValidationContext,
  expected?: ScopeType,
): Value | undefined {
  if (!text.includes('${{')) return text;
  const parsed = parseTemplated(text);
  if (!parsed.ok) {
    reportInString(parsed.findings, path, context);
    return undefined;
  }
  if (isSecretReference(parsed.value)) return knownSecret(parsed.value, path, names, context);
  const isTemplateValue = isTemplate(parsed.value);
  const findings = parsed.expressions.flatMap((expression) =>
    isTemplateValue ? findingsInTemplate(expression, names, context) : findingsIn(expression, names, context, expected),
  );
  reportInString(findings, path, context);
  return findings.length > 0 ? undefined : parsed.value;
}

/** As `readString`, where only a string is allowed: the value of a lone expression is printed as inside a longer string. */
export const readPrinted = (text: string, path: Path, names: NamesHere, context: ValidationContext): Value | undefined =>
  asPrinted(readString(text, path, names, context), text, path, names, context);

export const readPrintedOrSecret = (text: string, path: Path, names: NamesHere, context: ValidationContext): Value | undefined =>
  asPrinted(readStringOrSecret(text, path, names, context), text, path, names, context);

function asPrinted(value: Value | undefined, text: string, path: Path, names: NamesHere, context: ValidationContext): Value | undefined {
  if (value === undefined || !isExpression(value)) return value;
  const parsed = parseTemplated(text);
  const findings = parsed.ok ? parsed.expressions.flatMap((expression) => findingsInTemplate(expression, names, context)) : [];
  reportInString(findings, path, context);
  return findings.length > 0 ? undefined : { $text: [value] };
}

function knownSecret(value: SecretReference, path: Path, { types }: NamesHere, context: ValidationContext): Value | undefined {
  if (types.secrets.includes(value.$secret)) return value;
  context.reportUnknown('secret', value.$secret, types.secrets, path);
  return undefined;
}

/** Reports findings about a part of a string at the place of that part in the file. */
export function reportInString(findings: readonly TextFinding[], path: Path, context: ValidationContext): void {
  for (const { code, message, hint, offset, length } of findings) {
    const at = context.raw.placeInText(path, offset, length);
    context.diagnostics.push({ severity: 'error', code, message, ...(hint !== undefined && { hint }), at });
  }
}

/** Everything wrong with one expression; offsets count from the start of the string around it. */
export const findingsIn = (
  expression: PlacedExpression,
  names: NamesHere,
  context: ValidationContext,
  expected?: ScopeType,
): readonly TextFinding[] => inspect(expression, names, context, expected).findings;

/** As `findingsIn`, for an expression inside a longer string: its value must be printable. */
export function findingsInTemplate(expression: PlacedExpression, names: NamesHere, context: ValidationContext): readonly TextFinding[] {
  const { findings, type } = inspect(expression, names, context);
  if (findings.length > 0 || (type !== 'list' && type !== 'map')) return findings;
  return [textFinding('REL_VALUE_NOT_SCALAR', { source: expression.source.trim(), type }, spanOf(expression))];
}

interface Inspection {
  readonly findings: readonly TextFinding[];
  /** The type of its value, where that is known. */
  readonly type?: ScopeType;
}

function inspect({ source, offset }: PlacedExpression, names: NamesHere, context: ValidationContext, expected?: ScopeType): Inspection {
  // The outputs of a plugin that could not be loaded are not known; the plugin itself is reported.
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

/** The type of what a string of the file returns, as far as it is known. */
export function typeOfValue(value: Value, names: NamesHere, context: ValidationContext): ScopeType {
  if (isExpression(value)) return inspect({ source: value.$expr, offset: 0 }, names, context).type ?? 'any';
  if (typeof value === 'string' || isTemplate(value)) return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return 'number';
  return Array.isArray(value) ? 'list' : 'any';
}

/** `when:` is CEL, with or without `${{ }}` around it. */
export function readCondition(when: string | boolean, path: Path, names: NamesHere, context: ValidationContext): Expression {
  const text = String(when);
  const [, open = '', inside = text] = /^(\s*\$\{\{)(.*)\}\}\s*$/s.exec(text) ?? [];
  reportInString(findingsIn({ source: inside, offset: open.length }, names, context, 'boolean'), path, context);
  return expressionOf(inside);
}
