import { type Environment, EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import type { NameTypes, ScopeType } from '../scope.ts';
import { type Name, namesIn } from '../names-in.ts';
import { resolveName, wholeName } from '../resolve-name.ts';
import { type TextFinding, textFinding } from '../text-finding.ts';
import { celTypeOf } from './cel-types.ts';
import { describeProblem } from './describe-problem.ts';
import { createEnvironment } from './environment.ts';
import { checkChoices, checkLiterals } from './check-literals.ts';
import { checkNames, unknownName } from './check-names.ts';
import { beyondLimit, limitSteps } from './limits.ts';
import { rewriteNames, useReplacements } from './rewrite.ts';

export interface TypedVariable {
  readonly identifier: string;
  readonly name: Name;
  readonly type: ScopeType;
}

export interface Compiled {
  readonly ok: true;
  /** Throws where it takes too many steps, and what the library throws. */
  readonly run: (context: Record<string, unknown>) => unknown;
  /** CEL's name of the type of the result. */
  readonly celType: string;
  readonly variables: readonly TypedVariable[];
}

let shared: Environment | undefined;

/** Parses and type-checks an expression against what it may name. */
export function compile(source: string, types: NameTypes): Compiled | { readonly ok: false; readonly findings: readonly TextFinding[] } {
  const beyond = beyondLimit(source);
  if (beyond) return { ok: false, findings: [textFinding('REL_EXPRESSION_LIMIT', { problem: beyond.problem }, beyond)] };
  const names = namesIn(source).map((name) => wholeName(source, name, types));
  const resolved = names.map((name) => ({ name, result: resolveName(name, types) }));
  const rewritten = rewriteNames(source, names);
  const findings = [
    ...resolved.flatMap(({ result }) => (result.ok ? [] : [result.finding])),
    ...checkNames(source, names),
    ...checkLiterals(source),
    ...checkChoices(source, names, types),
  ];
  if (findings.length > 0) return { ok: false, findings };

  const typeOf = new Map(resolved.flatMap(({ name, result }) => (result.ok ? [[name, result.type] as const] : [])));
  const variables = rewritten.variables.map(({ identifier, name }) => ({ identifier, name, type: typeOf.get(name) ?? 'any' }));
  const environment = (shared ??= createEnvironment()).clone();
  for (const { identifier, type } of variables) environment.registerVariable(identifier, celTypeOf(type));
  return checkTypes(environment, rewritten.source, source, variables);
}

function checkTypes(environment: Environment, rewritten: string, source: string, variables: readonly TypedVariable[]) {
  try {
    const run = environment.parse(rewritten);
    useReplacements(run.ast);
    const checked = run.check();
    if (checked.error) return refused(checked.error, source);
    return { ok: true, run: limitSteps(run), celType: checked.type ?? 'dyn', variables } as const;
  } catch (error) {
    return refused(error, source);
  }
}

const tooDeep = (source: string) =>
  ({
    ok: false,
    findings: [
      textFinding('REL_EXPRESSION_LIMIT', { problem: 'it is too long or nested too deeply' }, { offset: 0, length: source.length }),
    ],
  }) as const;

function refused(error: unknown, source: string) {
  if (error instanceof RangeError || (error instanceof ParseError && /^Exceeded max/.test(error.summary))) return tooDeep(source);
  const isExpected = error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError;
  if (!isExpected) throw error;
  const { start, end } = error.range ?? { start: 0, end: source.length };
  const span = { offset: start, length: Math.min(end, source.length) - start };
  const unknown = /^Unknown variable: (\S+)$/.exec(error.summary)?.[1];
  if (unknown !== undefined) return { ok: false, findings: [unknownName(unknown, span)] } as const;
  const details = describeProblem(error, source);
  const code = error instanceof ParseError ? 'REL_EXPRESSION_SYNTAX' : 'REL_EXPRESSION_TYPE';
  return { ok: false, findings: [textFinding(code, details, span)] } as const;
}
