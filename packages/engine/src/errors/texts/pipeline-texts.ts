import { capital, didYouMean, list, quoted } from './phrases.ts';
import { yamlTexts } from './yaml-texts.ts';

/** Errors about what the pipeline file says. */
export const pipelineTexts = {
  ...yamlTexts,
  REL_VERSION_MISSING: () => ({
    message: 'The file does not say which version of the language it is written in.',
    hint: 'Begin it with `relpipe: 1`.',
  }),
  REL_VERSION_UNKNOWN: (p: { found: string }) => ({
    message: `This relpipe understands version 1 of the language, not ${p.found}.`,
    hint: 'Write `relpipe: 1`, or use a newer relpipe.',
  }),
  REL_KEY_UNKNOWN: (p: { key: string; where: string; close: readonly string[]; known: readonly string[] }) => ({
    message: `"${p.key}" is not a key of ${p.where}.`,
    hint: p.key.includes('${{')
      ? 'A key is taken as it is written; an expression can only stand in a value.'
      : didYouMean(p.close) ?? (p.known.length > 0 ? `Its keys are ${list(p.known)}.` : 'Remove it.'),
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
    message: `"${p.key}" of ${p.where} means nothing without "${p.other}".`,
    hint: `Add \`${p.other}:\`, or remove \`${p.key}:\`.`,
  }),
  REL_KEY_EXACTLY_ONE: (p: { where: string; choices: readonly (readonly string[])[]; found: readonly string[] }) => ({
    message: `${capital(p.where)} takes exactly one of ${list(p.choices.map((keys) => keys.join(' with ')), 'or')}; here ${p.found.length === 0 ? 'is none of them' : `${p.found.length === 1 ? 'is' : 'are'} ${list(p.found)}`}.`,
    hint: p.found.length > 1 ? 'Keep one of them.' : 'Complete one of them.',
  }),
  REL_ITEM_DUPLICATE: (p: { key: string; item: string }) => ({
    message: `"${p.item}" stands twice in "${p.key}".`,
    hint: 'Keep one of the two.',
  }),
  REL_KEY_MISPLACED: (p: { key: string; where: string; belongs: string }) => ({
    message: `"${p.key}" means nothing in ${p.where}.`,
    hint: `It belongs to ${p.belongs}.`,
  }),
  REL_NOT_IMPLEMENTED: (p: { key: string }) => ({
    message: `"${p.key}" belongs to the language, and this version of relpipe does not do it yet.`,
    hint: 'Remove it, or use a newer relpipe; it is refused so that nobody relies on it.',
  }),
  REL_VALUE_UNEXPECTED: (p: { key: string; expected: string; found: string; close: readonly string[]; fix?: string }) => ({
    message: `${capital(p.key)} takes ${p.expected}; here is ${p.found}.`,
    hint: didYouMean(p.close) ?? p.fix ?? `Write ${p.expected}.`,
  }),
  REL_SECRET_REQUIRED: (p: { key: string }) => ({
    message: `"${p.key}" is a secret, and a secret never stands in the file.`,
    hint: `Declare it under \`secrets:\` and write ${p.key}: "\${{ secrets.NAME }}".`,
  }),
  REL_SECRET_NOT_ALLOWED: (p: { key: string; name: string }) => ({
    message: `"${p.key}" takes no secret: its value may be shown.`,
    hint: `Pass ${p.name} where a secret is expected, e.g. in \`env:\` of a \`run\` step.`,
  }),
  REL_SECRET_NAME_INVALID: (p: { name: string }) => ({
    message: `A secret is read from the environment, and "${p.name}" cannot be the name of a variable.`,
    hint: 'Use letters, digits and underscores, e.g. REGISTRY_PASSWORD.',
  }),
  REL_VARIABLE_NAME_INVALID: (p: { name: string }) => ({
    message: `"${p.name}" cannot be the name of an environment variable.`,
    hint: p.name.includes('${{') ? 'A name is taken as it is written; an expression can only stand in the value.' : 'Use letters, digits and underscores, e.g. NODE_ENV.',
  }),
  REL_LITERAL_REQUIRED: (p: { key: string; kind: string }) => ({
    message: `"${p.key}" must be known when the file is read; an expression cannot stand here.`,
    hint: `Write the ${p.kind} itself.`,
  }),
  REL_NAME_INVALID: (p: { what: string; name: string; better: string }) => ({
    message: `The ${p.what} "${p.name}" is not in kebab-case (small letters, digits, hyphens; a letter first).`,
    hint: p.better === '' ? 'Begin it with a letter.' : `Write ${p.better}.`,
  }),
  REL_ACTION_MISSING: (p: { subject: string; actions: readonly string[] }) => ({
    message: `${capital(p.subject)} does not say what it does.`,
    hint: `Give it one of ${list(p.actions, 'or')}.`,
  }),
  REL_ACTION_AMBIGUOUS: (p: { subject: string; found: readonly string[]; kind: 'step' | 'metric' }) => ({
    message: `${capital(p.subject)} says ${list(p.found)}; a ${p.kind} ${p.kind === 'step' ? 'does' : 'measures'} one thing.`,
    hint: `Make a ${p.kind} of each.`,
  }),
  REL_USES_RESERVED: (p: { uses: string }) => ({
    message: `"${p.uses}" is what \`run:\` stands for, and only \`run:\` keeps expressions out of the script.`,
    hint: 'Write the command under `run:`.',
  }),
  REL_ID_MISSING: (p: { subject: string }) => ({
    message: `${capital(p.subject)} has no id.`,
    hint: 'Add `id:` with a name that no other step of the file has; outputs, logs and rollbacks speak of it.',
  }),
  REL_OUTPUT_NOT_AVAILABLE: (p: { step: string; because: string }) => ({
    message: `What step "${p.step}" gives cannot be read here: ${p.because}.`,
    hint: 'Outputs may be read later in the same stage (in a parallel one: by steps that need it), and in stages that need this one.',
  }),
  REL_METRIC_UNIT_MISSING: (p: { subject: string }) => ({
    message: `${capital(p.subject)} does not say what its number means.`,
    hint: 'Add `unit:` (ratio, percent, seconds, milliseconds, bytes, count, per-second or none).',
  }),
  REL_METRIC_UNIT_MISMATCH: (p: { subject: string; unit: string; known: string }) => ({
    message: `${capital(p.subject)} is measured in ${p.known}, not in ${p.unit}.`,
    hint: p.known === 'yes-no' ? 'Remove `unit:`.' : `Remove \`unit:\`, or write ${p.known}.`,
  }),
  REL_THRESHOLD_LIMIT_MISSING: () => ({
    message: 'This metric has no limit to measure its number by.',
    hint: 'Add min, max, warn or critical under `threshold:`, e.g. { max: 1%, for: 5m }.',
  }),
  REL_LIMITS_OUT_OF_ORDER: (p: { low: string; lower: string; high: string; upper: string }) => ({
    message: `\`${p.low}\` is ${p.lower} and \`${p.high}\` is ${p.upper}: nothing could lie between them.`,
    hint: `Let \`${p.high}\` be no smaller than \`${p.low}\`.`,
  }),
  REL_LIMIT_NOT_APPLICABLE: (p: { key: string }) => ({
    message: `This metric answers yes or no, and \`${p.key}\` is a limit for a number.`,
    hint: 'Without a limit two noes in a row fail; `for:` and `violations:` say it otherwise.',
  }),
  REL_DURATION_OUT_OF_RANGE: (p: { key: string; text: string; isLong: boolean }) => ({
    message: `"${p.key}" is a length of time, and ${p.text} is ${p.isLong ? 'more than ten years' : 'none'}.`,
    hint: p.isLong ? 'Write a shorter one.' : 'Write one that is longer than 0, e.g. 30s.',
  }),
  REL_QUANTITY_OUT_OF_RANGE: (p: { key: string; text: string; beyond: 'minimum' | 'maximum'; limit: string }) => ({
    message: `"${p.key}" is ${p.text}, and ${p.limit} is the ${p.beyond === 'minimum' ? 'least' : 'most'}.`,
    hint: `Write ${p.limit} or ${p.beyond === 'minimum' ? 'more' : 'less'}.`,
  }),
  REL_INPUT_DEFAULT_UNUSED: (p: { name: string }) => ({
    message: `The input "${p.name}" is required, so that its default is never taken.`,
    hint: 'Remove `required: true` or the default.',
  }),
  REL_SETTINGS_OUTSIDE_WITH: (p: { keys: readonly string[]; where: string }) => ({
    message: `${quoted(p.keys)} of ${p.where} ${p.keys.length === 1 ? 'stands' : 'stand'} beside \`with:\` instead of in it.`,
    hint: 'Write settings under `with:`, indented.',
  }),
  REL_BASELINE_MISSING: (p: { text: string }) => ({
    message: `${p.text} is relative to a baseline, and this metric has none.`,
    hint: 'Add `baseline:` with what differs from `with:` on the other side, or write an absolute limit.',
  }),
  REL_ROLLBACK_STEP_INVALID: (p: { subject: string; key: string }) => ({
    message: `${capital(p.subject)} undoes another step, and \`${p.key}\` undoes nothing.`,
    hint: 'A `rollback` is made of `run` and `uses` steps.',
  }),
  REL_ROLLBACK_COMPOSITE: (p: { subject: string; uses: string }) => ({
    message: `${capital(p.subject)} undoes another step, and ${p.uses} is made of several steps, holds and a way back of its own.`,
    hint: 'Name the single steps that undo it, e.g. the one shift of traffic.',
  }),
  REL_ROLLBACK_OF_IRREVERSIBLE: (p: { step: string }) => ({
    message: `Step "${p.step}" is called irreversible and has a rollback.`,
    hint: 'Keep one of the two.',
  }),
  REL_ID_DUPLICATE: (p: { id: string }) => ({
    message: `The id "${p.id}" stands twice in this file.`,
    hint: 'Give one of the two steps another id.',
  }),
  REL_NAME_RESERVED: (p: { what: 'stage' | 'step'; name: string }) => ({
    message: `No ${p.what} can be called "${p.name}": relpipe calls the steps at the end of a stage or of the run so.`,
    hint: `Rename it, or write what runs at the end under \`${p.name}:\` of the stage or of the file.`,
  }),
  REL_NEEDS_OTHER_STAGE: (p: { need: string; stage: string; here: string }) => ({
    message: `Step "${p.need}" belongs to stage "${p.stage}"; a step needs only steps of its own stage.`,
    hint: `Remove it here, and let stage "${p.here}" need stage "${p.stage}".`,
  }),
  REL_NEEDS_CYCLE: (p: { what: string; circle: readonly string[] }) => ({
    message:
      p.circle.length === 1
        ? `${capital(p.what)} "${p.circle[0] ?? ''}" needs itself.`
        : `These ${p.what}s need each other in a circle: ${[...p.circle, p.circle[0] ?? ''].join(' → ')}.`,
    hint: 'Remove one of these needs.',
  }),
  REL_APPROVERS_TOO_FEW: (p: { count: number; people: number; groups: readonly string[] }) => ({
    message: `${p.count === 1 ? '1 approval is' : `${p.count} approvals are`} asked for, and ${list(p.groups)} ${p.groups.length === 1 ? 'has' : 'have together'} ${p.people === 1 ? '1 person' : `${p.people} people`}.`,
    hint: 'Ask for fewer, or name further groups; one person counts once.',
  }),
  REL_STAGE_TIMEOUT_TOO_SHORT: (p: { stage: string; limit: string; steps: readonly string[]; needed: string }) => ({
    message: `Stage "${p.stage}" ends after ${p.limit} of work, before the ${p.needed} that its ${p.steps.length === 1 ? `step ${quoted(p.steps)} alone may take` : `steps ${quoted(p.steps)} may take one after the other`}.`,
    hint: `Give the stage at least ${p.needed}, or the ${p.steps.length === 1 ? 'step' : 'steps'} less.`,
  }),
};

