import { didYouMean, list, listed } from '../../util/phrases.ts';

/** Errors that need the inputs of a run: their values, and what the plan makes of them. */
export const planTexts = {
  REL_INPUT_UNKNOWN: (p: { name: string; close: readonly string[]; known: readonly string[] }) => ({
    message: `This pipeline has no input "${p.name}".`,
    hint: didYouMean(p.close) ?? (p.known.length > 0 ? `Its inputs are ${list(p.known)}.` : 'It has no inputs.'),
  }),
  REL_MACHINE_UNSUITABLE: (p: { steps: readonly string[]; required: string; here: string }) => ({
    message: `${listed(p.steps)} ${p.steps.length === 1 ? 'requires' : 'require'} ${p.required}; this machine provides ${p.here}.`,
    hint: 'Run it on a machine that provides this, or correct `runs-on:` (os: linux or macos; arch: x64 or arm64).',
  }),
  REL_INPUT_MISSING: (p: { name: string; example: string; missing?: string }) => ({
    message: `The input "${p.name}" is required${p.missing === undefined ? '' : `, and its default has no value here: it reads ${p.missing}`}.`,
    hint: `Add --input ${p.name}=${p.example}`,
  }),
  REL_INPUT_INVALID: (p: { name: string; text: string; problem: string; hint: string }) => ({
    message: `"${p.text}" is not a valid value for the input "${p.name}": ${p.problem}.`,
    hint: p.hint,
  }),
  REL_CONCURRENCY_GROUP_UNKNOWN: (p: { isEmpty: boolean }) => ({
    message: p.isEmpty ? 'The group of the runs has an empty name.' : 'The name of this group is known only during the run.',
    hint: 'It may contain inputs, which are known before a run starts: group: production/${{ inputs.region }}',
  }),
  REL_INPUT_WITHOUT_VALUE: (p: { name: string }) => ({
    message: `"${p.name}" has no value: the input is optional, and was not given.`,
    hint: `Pass it with --input, or read it with a fallback: default(${p.name}, …). Only a field that it fills alone is left out.`,
  }),
  REL_ENVIRONMENT_MISSING: (p: { known: readonly string[] }) => ({
    message: 'This pipeline has environments, and none was chosen.',
    hint: `Add --environment ${p.known.length === 1 ? (p.known[0] ?? '') : `with ${list(p.known, 'or')}`}.`,
  }),
  REL_ENVIRONMENT_UNKNOWN: (p: { name: string; close: readonly string[]; known: readonly string[] }) => ({
    message: `This pipeline has no environment "${p.name}".`,
    hint: didYouMean(p.close) ?? (p.known.length > 0 ? `Its environments are ${list(p.known)}.` : 'It has no environments: leave out --environment.'),
  }),
  REL_HISTORY_UNAVAILABLE: (p: { input: string; example: string; history: string; because: string }) => ({
    message: `The default of the input "${p.input}" asks for earlier runs of ${p.history}, and no record answers: ${p.because}.`,
    hint: `Add --input ${p.input}=${p.example}, or name the journal with --journal.`,
  }),
  REL_MATRIX_EMPTY: (p: { step: string }) => ({
    message: `The matrix of step "${p.step}" has no combinations.`,
    hint: 'Give each axis at least one value, and exclude less.',
  }),
  REL_MATRIX_TOO_LARGE: (p: { step: string; cells: number; maximum: number }) => ({
    message: `The matrix of step "${p.step}" has ${p.cells} combinations; the maximum is ${p.maximum}.`,
    hint: 'Give the axes fewer values, or split the step.',
  }),
  REL_MATRIX_CELL_DUPLICATE: (p: { step: string; cell: string }) => ({
    message: `The matrix of step "${p.step}" contains the combination ${p.cell} twice.`,
    hint: 'Values are compared by how they are printed: 1 and "1" are the same.',
  }),
  REL_MATRIX_AXIS_MISSING: (p: { axes: readonly string[] }) => ({
    message: `This combination has no value for ${list(p.axes.map((axis) => `"${axis}"`), 'and')}, which the step reads.`,
    hint: `Add ${p.axes.length === 1 ? 'the axis' : 'the axes'} to the entry, or read it with a fallback: default(matrix.${p.axes[0] ?? ''}, "none").`,
  }),
  REL_MATRIX_AXIS_NOT_KNOWN_YET: (p: { axis: string }) => ({
    message: `The values of the axis "${p.axis}" are not a list that is known before the run.`,
    hint: 'Write a list, or an expression over the inputs that returns one.',
  }),
  REL_RUN_TIMEOUT_TOO_SHORT: (p: { limit: string; needed: string }) => ({
    message: `The timeout of the run is ${p.limit}, but its holds alone take ${p.needed}.`,
    hint: `Set \`timeout:\` of the file to more than ${p.needed}, or shorten the holds.`,
  }),
  REL_WINDOW_NOT_KNOWN_YET: (p: { key: string; found: string }) => ({
    message: `"${p.key}" is ${p.found}; before the run it must be ${p.key === 'window' ? 'the name of a window, a list of names, or none' : 'a list of dates'}.`,
    hint: `Write ${p.key === 'window' ? 'the names' : 'the dates'}, or an expression over the inputs that returns ${p.key === 'window' ? 'one or a list of them' : 'a list of them'}.`,
  }),
  REL_WINDOW_NEVER_OPENS: (p: { window: string; times: string }) => ({
    message: `The window "${p.window}" does not open within a year: ${p.times}.`,
    hint: 'Give it more days, or except fewer.',
  }),
  REL_VALUE_NOT_KNOWN_YET: (p: { field: string }) => ({
    message: `"${p.field}" decides which steps exist, but its value is known only during the run.`,
    hint: 'Write the value, or take it from an input; single values inside it may come from earlier steps.',
  }),
  REL_GROUP_NOT_KNOWN_YET: (p: { group: string }) => ({
    message: `The settings of the group "${p.group}" are known only during the run.`,
    hint: 'Write them, or take them from an input.',
  }),
  REL_GROUP_EMPTY: (p: { group: string }) => ({
    message: `There is nobody in the group "${p.group}" now.`,
    hint: 'A question that nobody can answer fails its step. Check what the group is looked up from.',
  }),
  REL_UNFOLD_FAILED: (p: { uses: string; problem: string }) => ({
    message: `${p.uses} cannot be unfolded into steps: ${p.problem}.`,
    hint: 'If the configuration is correct, this is a defect of the plugin: report it to the author.',
  }),
  REL_VALUE_INVALID: (p: { problem: string }) => ({
    message: `The value is not valid: ${p.problem}.`,
    hint: 'Compare it with the table of the step type in the README of its plugin.',
  }),
};
