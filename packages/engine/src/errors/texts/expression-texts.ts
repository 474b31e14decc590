/** Errors in expressions, templates, quantities, commands and the values of inputs. */
export const expressionTexts = {
  REL_EXPRESSION_UNCLOSED: () => ({
    message: 'This expression has no end.',
    hint: 'Close it with }} or, if the text itself shall contain ${{, write $${{.',
  }),
  REL_EXPRESSION_EMPTY: () => ({
    message: 'There is nothing between ${{ and }}.',
    hint: 'Write an expression, e.g. ${{ inputs.version }}, or leave the braces out.',
  }),
  REL_EXPRESSION_SYNTAX: (p: { problem: string; hint?: string }) => ({
    message: `This is not an expression: ${p.problem}.`,
    hint: p.hint ?? 'Expressions are CEL, e.g. inputs.version.bump != "patch".',
  }),
  REL_EXPRESSION_TYPE: (p: { problem: string; hint?: string }) => ({
    message: `The types do not fit: ${p.problem}.`,
    ...(p.hint === undefined ? {} : { hint: p.hint }),
  }),
  REL_EXPRESSION_RESULT_TYPE: (p: { type: string; expected: string }) => ({
    message: `This gives ${p.type}, but ${p.expected} is needed here.`,
    hint: `Write an expression that gives ${p.expected}.`,
  }),
  REL_NAME_UNKNOWN: (p: { what: string; name: string; of?: string; close: readonly string[]; known: readonly string[] }) => ({
    message: `There is no ${p.what} "${p.name}"${p.of === undefined ? '' : ` of ${p.of}`}.`,
    hint: hintFor(p),
  }),
  REL_OPTION_UNKNOWN: (p: { input: string; option: string; close: readonly string[]; options: readonly string[] }) => ({
    message: `The input "${p.input}" is never "${p.option}".`,
    hint: p.close.length > 0 ? `Did you mean ${orList(p.close)}?` : `It is one of ${orList(p.options)}.`,
  }),
  REL_NAME_INCOMPLETE: (p: { written: string; form: string }) => ({
    message: `"${p.written}" alone is not a value.`,
    hint: `Write ${p.form}.`,
  }),
  REL_NAME_WITH_HYPHEN: (p: { name: string }) => ({
    message: `"${p.name}" is not a name that is known here.`,
    hint: `For a key of a map write ["${p.name}"]; a subtraction needs spaces around the minus.`,
  }),
  REL_NAME_NOT_AVAILABLE: (p: { name: string; where: string }) => ({
    message: `"${p.name}" does not exist here.`,
    hint: `It can be read ${p.where}.`,
  }),
  REL_OUTPUT_MAY_BE_MISSING: (p: { name: string; step?: string }) => ({
    message:
      p.step === undefined
        ? `A step that is undone may have failed before it gave "${p.name}".`
        : `The step "${p.step}" may be skipped, and then it has no outputs.`,
    hint: `Say what shall be taken then: default(${p.name}, …).`,
  }),
  REL_LITERAL_INVALID: (p: { kind: string; text: string; likely: readonly string[] }) => ({
    message: `"${p.text}" is not a ${p.kind}.`,
    hint: quantityHint(p.kind, p.likely),
  }),
  REL_PATTERN_INVALID: (p: { pattern: string; problem: string }) => ({
    message: `"${p.pattern}" is not a regular expression that can be used here: ${p.problem}.`,
    hint: 'Patterns follow RE2, which has no look-around and no back-references: https://github.com/google/re2/wiki/Syntax',
  }),
  REL_UNIT_MISSING: (p: { kind: string; text: string; likely: readonly string[] }) => ({
    message: `"${p.text}" is not a ${p.kind}.`,
    hint: quantityHint(p.kind, p.likely),
  }),
  REL_LIMIT_INVALID: (p: { text: string; unit: string; likely: readonly string[] }) => ({
    message: `"${p.text}" is not a limit for a metric in ${p.unit}.`,
    hint: p.likely.length > 0 ? `Did you mean ${orList(p.likely)}?` : `Write it like ${limitExamples[p.unit] ?? '5, a plain number'}.`,
  }),
  REL_SECRET_IN_TEXT: (p: { name: string }) => ({
    message: `The secret "${p.name}" stands inside a longer text.`,
    hint: `Give it alone, as \${{ secrets.${p.name} }}; a command gets it through env:.`,
  }),
  REL_SECRET_IN_EXPRESSION: (p: { name: string }) => ({
    message: `The secret "${p.name}" is used in an expression.`,
    hint: `A secret can only be passed on whole: \${{ secrets.${p.name} }}.`,
  }),
  REL_COMMAND_SINGLE_QUOTES: (p: { source: string }) => ({
    message: `The expression ${p.source} stands inside single quotes, where the shell would not put its value in.`,
    hint: 'Use double quotes, or none: the value is quoted for you.',
  }),
  REL_SECRET_IN_COMMAND: (p: { name: string }) => ({
    message: `The secret "${p.name}" stands in a command.`,
    hint: `Pass it as a variable: env: { ${p.name.replaceAll('-', '_')}: "\${{ secrets.${p.name} }}" }, and use it in the command as "$${p.name.replaceAll('-', '_')}".`,
  }),
  REL_COMMAND_EXPRESSION_UNSAFE: (p: { where: string }) => ({
    message: `An expression stands in ${p.where}, where nobody can say how the shell would read it.`,
    hint: 'Set it as a variable under env: and use that variable in the command.',
  }),
  REL_INPUT_UNKNOWN: (p: { name: string; close: readonly string[]; known: readonly string[] }) => ({
    message: `This pipeline has no input "${p.name}".`,
    hint: hintFor(p),
  }),
  REL_INPUT_MISSING: (p: { name: string; example: string }) => ({
    message: `The input "${p.name}" is required.`,
    hint: `Give it: --input ${p.name}=${p.example}`,
  }),
  REL_INPUT_INVALID: (p: { name: string; text: string; problem: string; hint: string }) => ({
    message: `The input "${p.name}" cannot be "${p.text}": ${p.problem}.`,
    hint: p.hint,
  }),
  REL_EXPRESSION_FAILED: (p: { source: string; problem: string }) => ({
    message: `The expression "${p.source}" gave no value: ${p.problem}.`,
    hint: 'Look at what the steps it reads have given; what a skipped step gives is read with default(…, …).',
  }),
  REL_MATRIX_EMPTY: (p: { step: string }) => ({
    message: `The matrix of step "${p.step}" has no cell.`,
    hint: 'Give each axis at least one value, and exclude less.',
  }),
  REL_MATRIX_TOO_LARGE: (p: { step: string; cells: number; most: number }) => ({
    message: `The matrix of step "${p.step}" has ${p.cells} combinations; ${p.most} are the most.`,
    hint: 'Give the axes fewer values, or divide the step.',
  }),
  REL_MATRIX_CELL_DUPLICATE: (p: { step: string; cell: string }) => ({
    message: `The matrix of step "${p.step}" has the combination ${p.cell} twice.`,
    hint: 'Values are told apart by how they are printed: 1 and "1" are the same.',
  }),
  REL_MATRIX_AXIS_NOT_KNOWN_YET: (p: { axis: string }) => ({
    message: `The values of the axis "${p.axis}" are not a list that is known before the run.`,
    hint: 'Write a list, or an expression over the inputs that gives one.',
  }),
  REL_VALUE_NOT_KNOWN_YET: (p: { field: string }) => ({
    message: `"${p.field}" decides which steps there are, and is known only in the run.`,
    hint: 'Write it out, or take it from an input; single values inside it may come from earlier steps.',
  }),
  REL_UNFOLD_FAILED: (p: { uses: string; problem: string }) => ({
    message: `${p.uses} cannot be unfolded into steps: ${p.problem}.`,
    hint: 'If the configuration is right, this is a mistake in the plugin: report it there.',
  }),
  REL_VALUE_INVALID: (p: { problem: string }) => ({
    message: `The value does not have the shape that was declared: ${p.problem}.`,
    hint: "Compare it with the table of the step type in its plugin's README.",
  }),
  REL_SECRET_NOT_SET: (p: { name: string }) => ({
    message: `The secret "${p.name}" has no value.`,
    hint: `Set the environment variable ${p.name}.`,
  }),
  REL_VALUE_NOT_SCALAR: (p: { source: string; type: string }) => ({
    message: `The expression "${p.source}" gives a ${p.type}, which cannot stand inside a text.`,
    hint: 'Join it, e.g. names.join(", "); it can stand alone only where a list or a map is taken.',
  }),
};

const orList = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;

function hintFor(p: { readonly close: readonly string[]; readonly known: readonly string[] }): string {
  if (p.close.length > 0) return `Did you mean ${orList(p.close)}?`;
  return p.known.length > 0 ? `There are: ${p.known.slice(0, 20).join(', ')}.` : 'There are none here.';
}

const limitExamples: Readonly<Record<string, string>> = {
  ratio: '1%',
  percent: '1%',
  seconds: '300ms or 2s',
  milliseconds: '300ms or 2s',
  bytes: '512MiB',
};

const quantityExamples: Readonly<Record<string, string>> = {
  percent: '10%',
  duration: '24h, 1h30m or 300ms',
  size: '512MiB or 10kB',
  semver: '1.4.0',
};

const quantityHint = (kind: string, likely: readonly string[]): string =>
  likely.length > 0 ? `Did you mean ${orList(likely)}?` : `It is written like ${quantityExamples[kind] ?? kind}.`;
