import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { Json } from '../contract/index.ts';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { inputValueOf } from '../expressions/input-value.ts';
import { holdsUnknown, type Value } from '../expressions/value.ts';
import { limitProblem } from '../validate/input-limits.ts';
import type { Action, InputDeclaration, StepDeclaration } from '../validate/valid-pipeline.ts';
import { groupOf } from './composites.ts';
import { evaluateKnown, type KnownContext } from './evaluate-known.ts';
import { mergeGates, planGates, watchedBy } from './gates.ts';
import { machineOf } from './machines.ts';
import type { Placement, PlanDraft } from './plan-draft.ts';
import type { LaterInput, Named, PlanPipeline } from './plan.ts';
import { scopeTypesOf } from './scope-types.ts';

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
  const { inputs, later } = inputsOf(draft, step, action, context);
  if (draft.findings.length > before) return { kind: 'pipeline', group: group.key };
  const inner: PlanDraft = {
    ...draft,
    pipeline,
    frame: {
      key: group.key,
      onFailure,
      gates: mergeGates(place.gates, watchedBy(draft, step.gates)),
      runsOn: machineOf(place.runsOn, step.runsOn, context),
    },
    inputs,
    laterInputs: new Set(later.map(({ name }) => name)),
    named: {},
    findings: [],
  };
  Object.assign(draft.gates, planGates(inner));
  planStages(inner);
  draft.pipelines[group.key] = planned(inner, later);
  draft.findings.push(...includedBy(step, inner.findings));
  return { kind: 'pipeline', group: group.key };
}

function planned(draft: PlanDraft, later: readonly LaterInput[]): PlanPipeline {
  const { pipeline, root, inputs, named } = draft;
  const { file, folder } = pipeline;
  const place = { file, line: 1, column: 1, length: 1 };
  return {
    file: relative(root.names, file),
    ...(folder !== root.folder && { folder: relative(root.folder, folder) }),
    content: createHash('sha256').update(pipeline.source).digest('hex'),
    inputs,
    ...(later.length > 0 && { laterInputs: later }),
    types: scopeTypesOf(pipeline),
    named,
    outputs: evaluateKnown(pipeline.outputs, { draft, placeOf: () => place }) as Readonly<Record<string, Value>>,
  };
}

interface GivenInputs {
  readonly inputs: Readonly<Record<string, Json>>;
  readonly later: readonly LaterInput[];
}

function inputsOf(draft: PlanDraft, step: StepDeclaration, { pipeline, with: given }: PipelineAction, context: KnownContext): GivenInputs {
  const inputs: Record<string, Json> = {};
  const later: LaterInput[] = [];
  for (const input of pipeline.inputs) {
    const { name, type, default: fallback } = input;
    const written = Object.hasOwn(given, name) ? given[name] : fallback;
    if (written === undefined) continue;
    const value = evaluateKnown(written, context, ['with', name]);
    if (holdsUnknown(value)) later.push({ name, type, value, ...limitsOf(input) });
    else inputs[name] = knownInput(draft, step, input, value as Json);
  }
  return { inputs, later };
}

const limitsOf = ({ min, max, options }: InputDeclaration): Pick<LaterInput, 'min' | 'max' | 'options'> => ({
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
  ...(options && { options }),
});

function knownInput({ findings }: PlanDraft, step: StepDeclaration, input: InputDeclaration, value: Json): Json {
  const { name, type } = input;
  const parsed = inputValueOf(type, value);
  const limit = parsed.ok ? limitProblem(input, parsed.value) : undefined;
  if (parsed.ok && limit === undefined) return parsed.value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const [problem, hint] = parsed.ok ? [limit ?? '', 'The declaration of the input lists its limits and options.'] : [parsed.problem, parsed.hint];
  findings.push(diagnose('REL_INPUT_INVALID', { name, text, problem, hint }, step.placeOf(['with', name])));
  return value;
}

/** Findings in an included file say which step includes it. */
const includedBy = ({ id, placeOf }: Pick<StepDeclaration, 'id' | 'placeOf'>, findings: readonly Diagnostic[]): readonly Diagnostic[] =>
  findings.map((found) => ({ ...found, related: [...(found.related ?? []), { at: placeOf(['pipeline']), note: `step "${id}" includes this file` }] }));
