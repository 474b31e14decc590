import { withArticle } from '../util/phrases.ts';
import { translateError, scopeTypeOf } from './cel/cel-types.ts';
import { compile } from './cel/compile.ts';
import { namesIn } from './names-in.ts';
import { resolveName } from './resolve-name.ts';
import type { NameTypes, ScopeType } from './scope.ts';
import { parseSecretReference } from './templates/parse-templated.ts';
import { type Span, type TextFinding, textFinding } from './text-finding.ts';

/** A step whose outputs an expression reads. `isGuarded`: inside `default(…)`, so it may have been skipped. */
interface StepRead extends Span {
  readonly step: string;
  readonly isGuarded: boolean;
}

export type CheckedExpression =
  | { readonly ok: true; readonly type: ScopeType; readonly reads: readonly StepRead[] }
  | { readonly ok: false; readonly findings: readonly TextFinding[] };

export interface CheckOptions {
  /** The type that is needed here. */
  readonly expected?: ScopeType;
  /** Whether a step can end without outputs: then they must be read with `default(…)`. */
  readonly mayBeSkipped?: (step: string) => boolean;
}

/**
 * Checks a CEL expression against what it may name; offsets of findings count from the start of `source`. Imports the CEL library:
 * import this file only when there is an expression.
 */
export function checkExpression(source: string, types: NameTypes, options: CheckOptions = {}): CheckedExpression {
  if (options.expected === undefined && parseSecretReference(source)) return checkSecret(source, types);
  const compiled = compile(source, types);
  if (!compiled.ok) return compiled;
  const reads = stepReads(source);
  const type = scopeTypeOf(compiled.celType);
  const findings = [
    ...skippedReads(source, reads, options),
    ...rolledBackReads(source, types),
    ...resultFindings(source, compiled.celType, type, options),
  ];
  return findings.length > 0 || !type ? { ok: false, findings } : { ok: true, type, reads };
}

function checkSecret(source: string, types: NameTypes): CheckedExpression {
  const [name] = namesIn(source);
  const resolved = name && resolveName(name, types);
  const isKnown = !resolved || resolved.ok || resolved.finding.code === 'REL_SECRET_IN_EXPRESSION';
  return isKnown ? { ok: true, type: 'any', reads: [] } : { ok: false, findings: [resolved.finding] };
}

const stepReads = (source: string): readonly StepRead[] =>
  namesIn(source).flatMap(({ root, segments: [id], start, end, isGuarded }) =>
    root === 'steps' && id ? [{ step: id.name, offset: start, length: end - start, isGuarded }] : [],
  );

const skippedReads = (source: string, reads: readonly StepRead[], { mayBeSkipped }: CheckOptions): readonly TextFinding[] =>
  reads
    .filter(({ step, isGuarded }) => !isGuarded && mayBeSkipped?.(step) === true)
    .map((read) => {
      const name = source.slice(read.offset, read.offset + read.length);
      return textFinding('REL_OUTPUT_MAY_BE_MISSING', { name, step: read.step }, read);
    });

/** A step saves its state before it acts; its outputs exist only when it has succeeded. */
const rolledBackReads = (source: string, { rolledBack }: NameTypes): readonly TextFinding[] =>
  namesIn(source)
    .filter(({ root, isGuarded }) => rolledBack !== undefined && root === 'outputs' && !isGuarded)
    .map(({ start, end }) =>
      textFinding('REL_OUTPUT_MAY_BE_MISSING', { name: source.slice(start, end) }, { offset: start, length: end - start }),
    );

function resultFindings(source: string, celType: string, type: ScopeType | undefined, { expected }: CheckOptions): readonly TextFinding[] {
  if (type && (expected === undefined || fits(type, expected))) return [];
  const start = source.length - source.trimStart().length;
  const span = { offset: start, length: source.trim().length };
  const details = { type: withArticle(type ?? translateError(celType)), expected: withArticle(expected ?? 'value') };
  return [textFinding('REL_EXPRESSION_RESULT_TYPE', details, span)];
}

/** Every type that is a string in canonical JSON. */
const stringTypes: ReadonlySet<ScopeType> = new Set(['string', 'choice', 'path', 'semver', 'percent', 'duration', 'size', 'time']);

/** Types whose values differ only in what they may be. */
const plainStringTypes: ReadonlySet<ScopeType> = new Set(['string', 'choice', 'path']);

/** Whether a value of a type can be used where another type is expected. */
function fits(type: ScopeType, expected: ScopeType): boolean {
  if (type === expected || type === 'any' || expected === 'any') return true;
  if (expected === 'string') return stringTypes.has(type);
  if (plainStringTypes.has(expected)) return plainStringTypes.has(type);
  return expected === 'number' && type === 'integer';
}
