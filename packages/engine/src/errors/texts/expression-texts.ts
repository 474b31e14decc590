import { capital, didYouMean, list } from '../../util/phrases.ts';

/** Errors in expressions, templates, quantities, commands and the values of inputs. */
export const expressionTexts = {
  REL_EXPRESSION_UNCLOSED: () => ({
    message: 'This expression is not closed.',
    hint: 'Close it with }}; to write a literal ${{, use $${{.',
  }),
  REL_EXPRESSION_EMPTY: () => ({
    message: 'The expression between ${{ and }} is empty.',
    hint: 'Write an expression, e.g. ${{ inputs.version }}, or remove the braces.',
  }),
  REL_EXPRESSION_SYNTAX: (p: { problem: string; hint?: string }) => ({
    message: `Invalid expression: ${p.problem}.`,
    hint: p.hint ?? 'Expressions are CEL, e.g. inputs.version.major > 1.',
  }),
  REL_EXPRESSION_TYPE: (p: { problem: string; hint?: string }) => ({
    message: `Type error: ${p.problem}.`,
    ...(p.hint === undefined ? {} : { hint: p.hint }),
  }),
  REL_EXPRESSION_RESULT_TYPE: (p: { type: string; expected: string }) => ({
    message: `This expression returns ${p.type}; ${p.expected} is required here.`,
    hint: `Write an expression that returns ${p.expected}.`,
  }),
  REL_EXPRESSION_FAILED: (p: { source: string; problem: string }) => ({
    message: `The expression "${p.source}" failed: ${p.problem}.`,
    hint: 'Check the outputs of the steps that it reads; if a step may be skipped, read it with default(…, …).',
  }),
  REL_EXPRESSION_LIMIT: (p: { problem: string }) => ({
    message: `The expression is too costly: ${p.problem}.`,
    hint: 'Let a step compute it, and read its output.',
  }),
  REL_VALUE_NOT_SCALAR: (p: { source: string; type: string }) => ({
    message: `The expression "${p.source}" returns a ${p.type}, which cannot be part of a string.`,
    hint: 'Join it, e.g. names.join(", "). Alone, it can be used only where a list or a map is expected.',
  }),
  REL_NAME_UNKNOWN: (p: { what: string; name: string; of?: string; close: readonly string[]; known: readonly string[] }) => ({
    message: `Unknown ${p.what} "${p.name}"${p.of === undefined ? '' : ` of ${p.of}`}.`,
    hint: nameHint(p),
  }),
  REL_OPTION_UNKNOWN: (p: { input: string; option: string; close: readonly string[]; options: readonly string[] }) => ({
    message: `"${p.option}" is not an option of the input "${p.input}".`,
    hint: didYouMean(p.close) ?? `Its options are ${list(p.options)}.`,
  }),
  REL_NAME_INCOMPLETE: (p: { written: string; form: string }) => ({
    message: `"${p.written}" alone is not a value.`,
    hint: `Write ${p.form}.`,
  }),
  REL_NAME_WITH_HYPHEN: (p: { name: string }) => ({
    message: `"${p.name}" is not a known name here.`,
    hint: `For a key of a map, write ["${p.name}"]; a subtraction needs spaces around the minus.`,
  }),
  REL_NAME_NOT_AVAILABLE: (p: { name: string; where: string }) => ({
    message: `"${p.name}" is not available here.`,
    hint: `It can be read ${p.where}.`,
  }),
  REL_OUTPUT_MAY_BE_MISSING: (p: { name: string; step?: string }) => ({
    message:
      p.step === undefined
        ? `"${p.name}" may be missing: the step being rolled back may have failed before producing it.`
        : `"${p.name}" may be missing: step "${p.step}" may be skipped.`,
    hint: `Provide a fallback: default(${p.name}, …).`,
  }),
  REL_LITERAL_INVALID: (p: { kind: string; text: string; likely: readonly string[] }) => ({
    message: `"${p.text}" is not ${quantityNouns[p.kind] ?? `a valid ${p.kind}`}.`,
    hint: quantityHint(p.kind, p.likely),
  }),
  REL_QUANTITY_INVALID: (p: { key: string; kind: string; text: string; likely: readonly string[] }) => ({
    message: `${capital(p.key)} must be ${quantityNouns[p.kind] ?? p.kind}; found ${p.text === '' ? 'an empty string' : p.text}.`,
    hint: quantityHint(p.kind, p.likely),
  }),
  REL_LIMIT_INVALID: (p: { text: string; unit: string; likely: readonly string[] }) => ({
    message: `"${p.text}" is not a valid limit for a metric in ${p.unit}.`,
    hint: p.likely.length > 0 ? `Did you mean ${list(p.likely, 'or')}?` : `Write it like ${limitExamples[p.unit] ?? '5, a plain number'}.`,
  }),
  REL_PATTERN_INVALID: (p: { pattern: string; problem: string }) => ({
    message: `"${p.pattern}" is not a valid regular expression: ${p.problem}.`,
    hint: 'Patterns are RE2, without look-around and back-references: https://github.com/google/re2/wiki/Syntax',
  }),
  REL_SECRET_IN_TEXT: (p: { name: string }) => ({
    message: `The secret "${p.name}" is part of a longer string.`,
    hint: `Use it alone, as \${{ secrets.${p.name} }}; pass it to a command through env:.`,
  }),
  REL_SECRET_IN_EXPRESSION: (p: { name: string }) => ({
    message: `The secret "${p.name}" is used in an expression.`,
    hint: `Pass the secret on unchanged: \${{ secrets.${p.name} }}.`,
  }),
  REL_SECRET_IN_COMMAND: (p: { name: string }) => ({
    message: `The secret "${p.name}" is used in a command.`,
    hint: `Pass it as a variable: env: { ${p.name.replaceAll('-', '_')}: "\${{ secrets.${p.name} }}" }, and use it in the command as "$${p.name.replaceAll('-', '_')}".`,
  }),
  REL_SECRET_NOT_SET: (p: { name: string }) => ({
    message: `The secret "${p.name}" has no value.`,
    hint: `Set the environment variable ${p.name}.`,
  }),
  REL_COMMAND_SINGLE_QUOTES: (p: { source: string }) => ({
    message: `The expression ${p.source} is inside single quotes, where the shell would not insert its value.`,
    hint: 'Use double quotes, or none: the value is quoted for you.',
  }),
  REL_COMMAND_EXPRESSION_UNSAFE: (p: { where: string }) => ({
    message: `An expression is used in ${p.where}, where the shell may not read its value as plain text.`,
    hint: 'Set it as a variable under env: and use that variable in the command.',
  }),
};

function nameHint(p: { readonly what: string; readonly close: readonly string[]; readonly known: readonly string[] }): string {
  const shown = 20;
  const more = p.known.length > shown ? ', …' : '';
  return (
    didYouMean(p.close) ?? (p.known.length > 0 ? `Available: ${p.known.slice(0, shown).join(', ')}${more}.` : `No ${p.what} is defined.`)
  );
}

const limitExamples: Readonly<Record<string, string>> = {
  ratio: '1%',
  percent: '1%',
  seconds: '300ms or 2s',
  milliseconds: '300ms or 2s',
  bytes: '512MiB',
};

const quantityNouns: Readonly<Record<string, string>> = { percent: 'a percentage', duration: 'a duration', size: 'a size' };

const quantityExamples: Readonly<Record<string, string>> = {
  percent: '10%',
  duration: '24h, 1h30m or 300ms',
  size: '512MiB or 10kB',
  semver: '1.4.0',
  time: '2026-12-01T09:00:00Z, with its zone',
};

const quantityHint = (kind: string, likely: readonly string[]): string =>
  likely.length > 0 ? `Did you mean ${list(likely, 'or')}?` : `Write it like ${quantityExamples[kind] ?? kind}.`;
