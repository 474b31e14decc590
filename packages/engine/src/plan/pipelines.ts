import { createHash } from 'node:crypto';
import { basename, dirname, relative } from 'node:path';
import type { Json } from '../contract/index.ts';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { inputValue } from '../expressions/input-value.ts';
import { holdsUnknown, type Value } from '../expressions/value.ts';
import { limitProblem } from '../validate/input-limits.ts';
import type { Action, InputDeclaration, StepDeclaration } from '../validate/valid-pipeline.ts';
import { groupOf } from './composites.ts';
import { concurrencyOfFile } from './concurrency.ts';
import { evaluateKnown, type KnownContext } from './evaluate-known.ts';
import { mergeGates, planGates, watchedBy } from './gates.ts';
import { resolveInputs } from './inputs.ts';
import { machineOf } from './machines.ts';
import { planGroups } from './people.ts';
import type { Placement, PlanDraft } from './plan-draft.ts';
import type { LaterInput, PlanPipeline, Named } from './plan-pipeline.ts';
import { scopeTypesOf } from './scope-types.ts';
import { secretsOfFile } from './secrets.ts';
import { planWindows } from './windows.ts';

type PipelineAction = Extract<Action, { kind: 'pipeline' }>;

/**
 * A group with the stages of another file. Its expressions keep the names of that file: the plan holds for each sub-pipeline what they mean.
 * @param planStages plans the stages of the file that it is given
 */
export function planPipeline(draft: PlanDraft, step: StepDeclaration, action: PipelineAction, place: Placement, planStages: (draft: PlanDraft) => void): Named {
  const { pipeline } = action;
  const context: KnownContext = { draft, matrix: place.matrix, placeOf: (path) => step.placeOf(path) };
  const group = groupOf(step, 'pipeline', place, context);
  const onFailure = step.onFailure ?? pipeline.onFailure ?? place.onFailure;
  draft.groups.push({ ...group, onFailure });
  const before = draft.findings.length;
  const environment = environmentOf(draft, step, action, context);
  const { inputs, later } = inputsOf(draft, step, action, environment, context);
  if (draft.findings.length > before) return { kind: 'pipeline', group: group.key };
  const file: PlanDraft = {
    ...draft,
    pipeline,
    inputs,
    environment,
    types: scopeTypesOf(pipeline),
    secrets: {},
    laterInputs: new Set(later.map(({ name }) => name)),
    evaluator: draft.evaluators.get(pipeline),
    frame: {
      key: group.key,
      onFailure,
      gates: mergeGates(place.gates, watchedBy(draft, step.gates)),
      runsOn: machineOf(place.runsOn, step.runsOn, context),
      isNever: place.isNever === true || group.leftOut !== undefined || group.when?.$expr === 'false',
    },
    named: {},
    findings: [],
  };
  const { present, names } = secretsOfFile(file);
  const inner: PlanDraft = { ...file, secrets: present, secretNames: names };
  draft.groups.splice(draft.groups.length - 1, 1, { ...group, onFailure, ...concurrencyOfFile(inner) });
  Object.assign(draft.windows, planWindows(inner));
  Object.assign(draft.people, planGroups(inner));
  Object.assign(draft.gates, planGates(inner));
  planStages(inner);
  draft.pipelines[group.key] = planned(inner, later);
  draft.findings.push(...includedBy(step, inner.findings));
  return { kind: 'pipeline', group: group.key };
}

function planned(draft: PlanDraft, later: readonly LaterInput[]): PlanPipeline {
  const { pipeline, root, inputs, environment, named, secrets, types } = draft;
  const { file, folder } = pipeline;
  const place = { file, line: 1, column: 1, length: 1 };
  return {
    file: relative(root.names, file),
    ...(folder !== root.folder && { folder: relative(root.folder, folder) }),
    content: createHash('sha256').update(pipeline.source).digest('hex'),
    inputs,
    ...(environment !== undefined && { environment }),
    ...(Object.keys(secrets).length > 0 && { secrets: Object.keys(secrets) }),
    ...(later.length > 0 && { laterInputs: later }),
    types,
    named,
    outputs: evaluateKnown(pipeline.outputs, { draft, placeOf: () => place }) as Readonly<Record<string, Value>>,
  };
}

/** The presets of the file that the step chooses; undefined where the file has no environments, or a mistake was reported. */
function environmentOf({ findings }: PlanDraft, step: StepDeclaration, { pipeline, environment: written }: PipelineAction, context: KnownContext): string | undefined {
  const known = Object.keys(pipeline.environments);
  const chosen = written === undefined ? undefined : evaluateKnown(written, context, ['environment']);
  const name = chosen === undefined || typeof chosen === 'string' ? chosen : JSON.stringify(chosen);
  if (name === undefined ? known.length === 0 : known.includes(name)) return name;
  const details = { file: relative(dirname(step.at.file), pipeline.file), name, known };
  findings.push(diagnose('REL_PIPELINE_ENVIRONMENT', details, step.placeOf([written === undefined ? 'pipeline' : 'environment'])));
  return undefined;
}

interface GivenInputs {
  readonly inputs: Readonly<Record<string, Json>>;
  readonly later: readonly LaterInput[];
}

/** The values that the step passes, else those of the environment, else the defaults of the file. */
function inputsOf(draft: PlanDraft, step: StepDeclaration, action: PipelineAction, environment: string | undefined, context: KnownContext): GivenInputs {
  const { pipeline, with: given } = action;
  const known: Record<string, Json> = {};
  const later: LaterInput[] = [];
  const leftOut = evaluateKnown(given, context, ['with']) as Readonly<Record<string, Value>>;
  for (const input of pipeline.inputs) {
    const { name, type } = input;
    const value = Object.hasOwn(leftOut, name) ? leftOut[name] : undefined;
    if (value === undefined) continue;
    if (holdsUnknown(value)) later.push({ name, type, value, ...limitsOf(input) });
    else known[name] = knownInput(draft, step, input, value as Json);
  }
  const presets = environment === undefined ? {} : (pipeline.environments[environment] ?? {});
  const others = pipeline.inputs.filter(({ name }) => !later.some((one) => one.name === name));
  const { ci, histories } = draft.sources;
  const { values, findings } = resolveInputs(others, {
    given: {},
    environment: { name: environment ?? '', values: { ...presets, ...known } },
    history: histories.get(pipeline) ?? {},
    evaluator: draft.evaluators.get(pipeline),
    ...(ci && { ci }),
  });
  draft.findings.push(...findings.flatMap((found) => missingInput(found, step, pipeline) ?? includedBy(step, [found])));
  return { inputs: values, later };
}

/** An input of a sub-pipeline is not given on the command line, but by the step. */
function missingInput(found: Diagnostic, step: StepDeclaration, { inputs, file }: PipelineAction['pipeline']): Diagnostic | undefined {
  const input = inputs.find(({ at }) => at === found.at);
  if (found.code !== 'REL_INPUT_MISSING' || !input) return undefined;
  return diagnose('REL_PIPELINE_INPUT_MISSING', { name: input.name, file: basename(file), subject: `step "${step.id}"` }, step.placeOf(['pipeline']));
}

const limitsOf = ({ min, max, options, pattern }: InputDeclaration): Omit<LaterInput, 'name' | 'type' | 'value'> => ({
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
  ...(options && { options }),
  ...(pattern !== undefined && { pattern }),
});

function knownInput({ findings }: PlanDraft, step: StepDeclaration, input: InputDeclaration, value: Json): Json {
  const { name, type } = input;
  const parsed = inputValue(type, value);
  const limit = parsed.ok ? limitProblem(input, parsed.value) : undefined;
  if (parsed.ok && limit === undefined) return parsed.value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const [problem, hint] = parsed.ok ? [limit ?? '', 'The declaration of the input lists its limits and options.'] : [parsed.problem, parsed.hint];
  findings.push(diagnose('REL_INPUT_INVALID', { name, text, problem, hint }, step.placeOf(['with', name])));
  return value;
}

/** Findings in an included file say which step includes it. */
const includedBy = (step: StepDeclaration, findings: readonly Diagnostic[]): readonly Diagnostic[] =>
  findings.map((found) => ({ ...found, related: [...(found.related ?? []), { at: step.placeOf(['pipeline']), note: `step "${step.id}" includes this file` }] }));
