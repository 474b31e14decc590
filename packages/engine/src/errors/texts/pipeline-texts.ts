import { capital, didYouMean, list, quoted } from '../../util/phrases.ts';

/** Errors about what the stages, steps, gates and inputs of a pipeline file say together. */
export const pipelineTexts = {
  REL_INPUT_DEFAULT_UNUSED: (p: { name: string }) => ({
    message: `The input "${p.name}" is required, so its default is never used.`,
    hint: 'Remove `required: true` or the default.',
  }),
  REL_INPUT_DEFAULT_CYCLE: (p: { cycle: readonly string[] }) => ({
    message:
      p.cycle.length === 1
        ? `The default of input "${p.cycle[0] ?? ''}" reads that input.`
        : `The defaults of these inputs read each other: ${[...shortCycle(p.cycle), p.cycle[0] ?? ''].join(' → ')}.`,
    hint: 'Give one of them a default of its own, or none.',
  }),
  REL_ACTION_MISSING: (p: { subject: string; actions: readonly string[] }) => ({
    message: `${capital(p.subject)} does not say what it ${p.subject.startsWith('metric') ? 'measures' : p.subject.startsWith('group') ? 'consists of, or who knows it' : 'does'}.`,
    hint: `Add one of ${list(p.actions, 'or')}.`,
  }),
  REL_ACTION_AMBIGUOUS: (p: { subject: string; found: readonly string[]; kind: 'step' | 'metric' | 'group' }) => ({
    message: `${capital(p.subject)} has ${list(p.found)}; a ${p.kind} ${verbs[p.kind]}.`,
    hint: `Write a ${p.kind} for each.`,
  }),
  REL_USES_RESERVED: (p: { uses: string }) => ({
    message: `"${p.uses}" is reserved: use \`run:\` instead, which keeps expressions out of the script.`,
    hint: 'Write the command under `run:`.',
  }),
  REL_ID_MISSING: (p: { subject: string }) => ({
    message: `${capital(p.subject)} has no id.`,
    hint: 'Add `id:` with a name that is unique in the file; outputs, logs and rollbacks refer to it.',
  }),
  REL_ID_DUPLICATE: (p: { id: string }) => ({
    message: `Duplicate step id "${p.id}".`,
    hint: 'Give one of the two steps another id.',
  }),
  REL_NAME_RESERVED: (p: { what: 'stage' | 'step'; name: string }) => ({
    message: `"${p.name}" is a reserved name.`,
    hint: `Rename the ${p.what}, or write the steps that run at the end under \`${p.name}:\` of the stage or of the file.`,
  }),
  REL_NEEDS_OTHER_STAGE: (p: { need: string; stage: string; here: string }) => ({
    message: `Step "${p.need}" belongs to stage "${p.stage}"; a step can need only steps of its own stage.`,
    hint: `Remove it here, and add "${p.stage}" to the needs of stage "${p.here}".`,
  }),
  REL_PIPELINE_INPUT_MISSING: (p: { name: string; file: string; subject: string }) => ({
    message: `${capital(p.subject)} passes no value to the input "${p.name}" of ${p.file}.`,
    hint: `Add \`with: { ${p.name}: … }\`, or give the input a default in that file.`,
  }),
  REL_ARTIFACT_OUTSIDE: (p: { glob: string }) => ({
    message: `"${p.glob}" is not inside the folder of the pipeline file.`,
    hint: 'Write it relative to that folder, without `..`; copy files from elsewhere into it first.',
  }),
  REL_PIPELINE_ENVIRONMENT: (p: { file: string; name: string | undefined; known: readonly string[] }) => ({
    message: p.name === undefined ? `${p.file} has environments, and the step chooses none.` : `${p.file} has no environment "${p.name}".`,
    hint: p.known.length === 0 ? 'Remove `environment:`.' : `Write \`environment:\` with ${list(p.known, 'or')}.`,
  }),
  REL_PIPELINE_CYCLE: (p: { files: readonly string[] }) => ({
    message:
      p.files.length === 2
        ? `This pipeline includes itself: ${p.files.join(' → ')}.`
        : `These pipeline files include each other: ${p.files.join(' → ')}.`,
    hint: 'A file cannot be a part of itself. Move the steps that both need to a third file.',
  }),
  REL_NEEDS_CYCLE: (p: { what: string; cycle: readonly string[] }) => ({
    message:
      p.cycle.length === 1
        ? `${capital(p.what)} "${p.cycle[0] ?? ''}" needs itself.`
        : `Dependency cycle between ${p.what}s: ${[...shortCycle(p.cycle), p.cycle[0] ?? ''].join(' → ')}.`,
    hint: 'Remove one of these needs.',
  }),
  REL_OUTPUT_NOT_AVAILABLE: (p: { step: string; because: string }) => ({
    message: `The outputs of step "${p.step}" cannot be read here: ${p.because}.`,
    hint: 'Outputs can be read later in the same stage (in a parallel one: by steps that need the step), and in stages that need this stage.',
  }),
  REL_APPROVERS_TOO_FEW: (p: { count: number; people: number; groups: readonly string[]; isExcepted: boolean }) => ({
    message: `${p.count === 1 ? '1 approval is' : `${p.count} approvals are`} required, but ${list(p.groups)} ${p.groups.length === 1 ? 'has' : 'have together'} only ${p.people === 1 ? '1 person' : `${p.people} people`}${p.isExcepted ? ' besides those excepted' : ''}.`,
    hint: 'Require fewer approvals, or add groups; each person counts once.',
  }),
  REL_APPROVERS_LIST_MISSING: (p: { key: string }) => ({
    message: `\`${p.key}\` needs a list of people who are asked.`,
    hint: 'Add `of:` with groups, or with an expression that returns names.',
  }),
  REL_SILENCE_CANNOT_APPROVE: () => ({
    message: 'A checklist cannot be approved by silence.',
    hint: 'Remove `at-timeout: approve` or `items:`.',
  }),
  REL_CHECKLIST_INVALID: (p: { file: string; because: string }) => ({
    message: `The checklist ${p.file} cannot be used: ${p.because}.`,
    hint: 'Name a Markdown file, relative to the pipeline file, with a line `- [ ] …` for each item.',
  }),
  REL_STAGE_TIMEOUT_TOO_SHORT: (p: { stage: string; limit: string; steps: readonly string[]; needed: string }) => ({
    message: `The timeout of stage "${p.stage}" is ${p.limit}, but its ${p.steps.length === 1 ? `step ${quoted(p.steps)} alone may take` : `steps ${quoted(p.steps)} may take, one after the other,`} ${p.needed}.`,
    hint: `Set the timeout of the stage to at least ${p.needed}, or shorten ${p.steps.length === 1 ? 'that of the step' : 'those of the steps'}.`,
  }),
  REL_ROLLBACK_STEP_INVALID: (p: { subject: string; key: string }) => ({
    message: `${capital(p.subject)} is part of a rollback, where \`${p.key}\` is not allowed.`,
    hint: 'A `rollback` consists of `run` and `uses` steps.',
  }),
  REL_ROLLBACK_COMPOSITE: (p: { subject: string; uses: string }) => ({
    message: `${capital(p.subject)} is part of a rollback, where ${p.uses} is not allowed: it is a composite with steps, holds and a rollback of its own.`,
    hint: 'Name the single steps of the rollback, e.g. the one that shifts the traffic.',
  }),
  REL_ROLLBACK_OF_IRREVERSIBLE: (p: { step: string }) => ({
    message: `Step "${p.step}" is irreversible and has a rollback.`,
    hint: 'Remove `irreversible: true` or the rollback.',
  }),
  REL_WINDOW_NAME_RESERVED: () => ({
    message: 'A window cannot have the name "none": `window: none` means that a stage or step has no window.',
    hint: 'Rename the window.',
  }),
  REL_ZONE_UNKNOWN: (p: { zone: string; close: readonly string[] }) => ({
    message: `Unknown time zone "${p.zone}".`,
    hint: didYouMean(p.close) ?? 'Write its IANA name, e.g. Europe/Berlin, America/New_York or UTC.',
  }),
  REL_METRIC_UNIT_MISSING: (p: { subject: string }) => ({
    message: `${capital(p.subject)} does not say what its number means.`,
    hint: 'Add `unit:` (ratio, percent, seconds, milliseconds, bytes, count, per-second or none).',
  }),
  REL_METRIC_UNIT_MISMATCH: (p: { subject: string; unit: string; known: string }) => ({
    message: `The unit of ${p.subject} is ${p.known}, not ${p.unit}.`,
    hint: p.known === 'yes-no' ? 'Remove `unit:`.' : `Remove \`unit:\`, or write ${p.known}.`,
  }),
  REL_SAMPLES_NOT_COUNTED: (p: { subject: string; uses: string }) => ({
    message: `${capital(p.subject)} can never have \`min-samples\`: ${p.uses} does not report how many samples its values have.`,
    hint: 'Remove `min-samples`; where the value is queried, let the query return nothing below the minimum, e.g. `… and sum(increase(http_requests_total[$window])) >= 20`.',
  }),
  REL_THRESHOLD_LIMIT_MISSING: () => ({
    message: 'This metric has no limit to compare its number with.',
    hint: 'Add min, max, warn or critical under `threshold:`, e.g. { max: 1%, for: 5m }.',
  }),
  REL_BASELINE_MISSING: (p: { text: string }) => ({
    message: `${p.text} is relative to a baseline, and this metric has none.`,
    hint: 'Add `baseline:` with the settings that differ from `with:`, or write an absolute limit.',
  }),
  REL_NO_LIMIT_LEFT: (p: { step: string }) => ({
    message: `During ${p.step} the candidate has all traffic, and its gates have only limits against the baseline, which has none then.`,
    hint: 'Add an absolute limit to a metric, e.g. critical: 5%, or end below 100%.',
  }),
  REL_LIMITS_OUT_OF_ORDER: (p: { low: string; lower: string; high: string; upper: string }) => ({
    message: `\`${p.low}\` is ${p.lower} and \`${p.high}\` is ${p.upper}, so no value can lie between them.`,
    hint: `Write a \`${p.high}\` that is not smaller than \`${p.low}\`.`,
  }),
  REL_LIMIT_NOT_APPLICABLE: (p: { key: string }) => ({
    message: `This metric answers yes or no; \`${p.key}\` is a limit for a number.`,
    hint: 'Without a limit, two consecutive negative results fail; change this with `for:` or `violations:`.',
  }),
};

const verbs = { step: 'does only one thing', metric: 'measures only one thing', group: 'is looked up in only one way' } as const;

/** A cycle of thousands is one line, too. */
function shortCycle(cycle: readonly string[]): readonly string[] {
  const shown = 10;
  return cycle.length <= shown ? cycle : [...cycle.slice(0, shown - 1), `… (${cycle.length - shown} more)`, cycle.at(-1) ?? ''];
}
