import { capital, didYouMean, list, quoted } from '../../util/phrases.ts';

/** Errors about keys and their values, wherever in the pipeline file they are. */
export const structureTexts = {
  REL_VERSION_MISSING: () => ({
    message: 'The file does not say which version of the language it is written in.',
    hint: 'Start it with `relpipe: 1`.',
  }),
  REL_VERSION_UNKNOWN: (p: { found: string }) => ({
    message: `This relpipe supports version 1 of the language; found ${p.found}.`,
    hint: 'Write `relpipe: 1`, or install a newer relpipe.',
  }),
  REL_KEY_UNKNOWN: (p: { key: string; where: string; close: readonly string[]; known: readonly string[] }) => ({
    message: `Unknown key "${p.key}" in ${p.where}.`,
    hint: p.key.includes('${{')
      ? 'A key is used as it is written; expressions are allowed only in values.'
      : (didYouMean(p.close) ?? (p.known.length > 0 ? `The keys are ${list(p.known)}.` : 'Remove it.')),
  }),
  REL_KEY_WITHOUT_VALUE: (p: { key: string; where: string }) => ({
    message: `"${p.key}" in ${p.where} is read as a key without a value.`,
    hint: 'If it belongs to the text before the comma, put that text in quotes.',
  }),
  REL_KEY_MISSING: (p: { key: string; where: string; expected?: string }) => ({
    message: `${capital(p.where)} has no "${p.key}".`,
    hint: `Add \`${p.key}:\`${p.expected === undefined ? '' : ` (${p.expected})`}.`,
  }),
  REL_KEY_NEEDS_OTHER: (p: { key: string; other: string; where: string }) => ({
    message: `"${p.key}" of ${p.where} has no effect without "${p.other}".`,
    hint: `Add \`${p.other}:\`, or remove \`${p.key}:\`.`,
  }),
  REL_KEY_EXACTLY_ONE: (p: { where: string; choices: readonly (readonly string[])[]; found: readonly string[] }) => ({
    message: `${capital(p.where)} needs exactly one of ${list(
      p.choices.map((keys) => keys.join(' with ')),
      'or',
    )}; found ${list(p.found) || 'none of them'}.`,
    hint: p.found.length > 1 ? 'Keep one of them.' : `${p.found.length === 1 ? 'Complete' : 'Add'} one of them.`,
  }),
  REL_KEY_MISPLACED: (p: { key: string; where: string; belongs: string }) => ({
    message: `"${p.key}" is not allowed in ${p.where}.`,
    hint: `It belongs to ${p.belongs}.`,
  }),
  REL_KEY_RESERVED: (p: { key: string }) => ({
    message: `The key "${p.key}" is reserved.`,
    hint: 'Write an expression or a secret as ${{ … }}; pass data with this key as a string, e.g. as JSON.',
  }),
  REL_NOT_IMPLEMENTED: (p: { key: string }) => ({
    message: `"${p.key}" is part of the language, but this version of relpipe does not support it yet.`,
    hint: 'Remove it, or install a newer relpipe. It is refused so that nobody relies on it.',
  }),
  REL_VALUE_UNEXPECTED: (p: { key: string; expected: string; found: string; close: readonly string[]; fix?: string }) => ({
    message: `${capital(p.key)} must be ${p.expected}; found ${p.found}.`,
    hint: didYouMean(p.close) ?? p.fix ?? `Write ${p.expected}.`,
  }),
  REL_ITEM_DUPLICATE: (p: { key: string; item: string }) => ({
    message: `Duplicate item "${p.item}" in "${p.key}".`,
    hint: 'Keep one of the two.',
  }),
  REL_SETTINGS_OUTSIDE_WITH: (p: { keys: readonly string[]; where: string }) => ({
    message: `${quoted(p.keys)} of ${p.where} must be under \`with:\`, not beside it.`,
    hint: 'Write settings under `with:`, indented.',
  }),
  REL_SECRET_REQUIRED: (p: { key: string }) => ({
    message: `"${p.key}" must be a secret, and the value of a secret is never written in the file.`,
    hint: `Declare it under \`secrets:\` and write ${p.key}: "\${{ secrets.NAME }}".`,
  }),
  REL_SECRET_NOT_ALLOWED: (p: { key: string; name: string }) => ({
    message: `"${p.key}" cannot be a secret, because its value may be shown.`,
    hint: `Pass ${p.name} where a secret is expected, e.g. in \`env:\` of a \`run\` step.`,
  }),
  REL_SECRET_NAME_INVALID: (p: { name: string }) => ({
    message: `"${p.name}" is not a valid name for a secret: it must be the name of an environment variable.`,
    hint: 'Use letters, digits and underscores, e.g. REGISTRY_PASSWORD.',
  }),
  REL_VARIABLE_NAME_INVALID: (p: { name: string }) => ({
    message: `"${p.name}" is not a valid name for an environment variable.`,
    hint: p.name.includes('${{')
      ? 'A name is used as it is written; expressions are allowed only in the value.'
      : 'Use letters, digits and underscores, e.g. NODE_ENV.',
  }),
  REL_LITERAL_REQUIRED: (p: { key: string; kind: string }) => ({
    message: `"${p.key}" must be known when the file is read, so it cannot be an expression.`,
    hint: `Write the ${p.kind} itself.`,
  }),
  REL_NAME_INVALID: (p: { what: string; name: string; better: string }) => ({
    message: `The ${p.what} "${p.name}" is not in kebab-case (lowercase letters, digits and hyphens, starting with a letter).`,
    hint: p.better === '' ? 'Start it with a letter.' : `Write ${p.better}.`,
  }),
  REL_DURATION_OUT_OF_RANGE: (p: { key: string; text: string; isLong: boolean }) => ({
    message: `"${p.key}" must be ${p.isLong ? 'no longer than ten years' : 'longer than 0'}; found ${p.text}.`,
    hint: p.isLong ? 'Write a shorter duration.' : 'Write a duration such as 30s.',
  }),
  REL_QUANTITY_OUT_OF_RANGE: (p: { key: string; text: string; beyond: 'minimum' | 'maximum'; limit: string }) => ({
    message: `"${p.key}" must be ${p.limit} or ${p.beyond === 'minimum' ? 'more' : 'less'}; found ${p.text}.`,
    hint: `Write ${p.limit} or ${p.beyond === 'minimum' ? 'more' : 'less'}.`,
  }),
};
