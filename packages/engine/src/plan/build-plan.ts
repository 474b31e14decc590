import { relative } from 'node:path';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { type Evaluator, loadEvaluator } from '../expressions/load-cel.ts';
import type { ScopeTypes } from '../expressions/scope.ts';
import { holdsUnknown, secretNamesIn, type Value } from '../expressions/value.ts';
import type { ValidPipeline } from '../validate/valid-pipeline.ts';
import type { PlanDraft } from './plan-draft.ts';
import { fingerprintOf } from './fingerprint.ts';
import { fold } from './evaluate-known.ts';
import { planGates } from './gates.ts';
import { planFinally, planStages } from './stages.ts';
import type { Plan } from './plan.ts';
import { resolveInputs } from './inputs.ts';
import { scopeTypesOf } from './scope-types.ts';
import { withReleases } from './teardown.ts';

export interface PlanOptions {
  /** As written on the command line. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The git commit at which the file was read. */
  readonly commit?: string;
  /** The work tree was not as in that commit. */
  readonly uncommitted?: true;
  /** The file is named relative to this folder; default: as the pipeline names it. */
  readonly root?: string;
}

export type BuiltPlan =
  | { readonly ok: true; readonly plan: Plan; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Unfolds a pipeline, for the inputs at hand, into the DAG that will run. Asynchronous only because CEL is loaded when it is needed. */
export async function buildPlan(pipeline: ValidPipeline, options: PlanOptions): Promise<BuiltPlan> {
  const { values: inputs, findings } = resolveInputs(pipeline.inputs, options.inputs);
  if (findings.length > 0) return { ok: false, diagnostics: findings };
  const types = scopeTypesOf(pipeline);
  const draft: PlanDraft = {
    pipeline,
    inputs,
    evaluator: await evaluatorFor(pipeline, types),
    steps: [],
    groups: [],
    named: {},
    findings: [],
  };
  const plan = planFrom(draft, types, options);
  const errors = draft.findings.filter(({ severity }) => severity === 'error');
  return errors.length > 0 ? { ok: false, diagnostics: draft.findings } : { ok: true, plan, warnings: draft.findings };
}

/** CEL takes 30 ms to load: not for a pipeline without an expression. */
async function evaluatorFor(pipeline: ValidPipeline, types: ScopeTypes): Promise<Evaluator | undefined> {
  const { stages, gates, reporters, outputs } = pipeline;
  return holdsUnknown([stages, pipeline.finally, gates, reporters, outputs]) ? loadEvaluator(types) : undefined;
}

function planFrom(draft: PlanDraft, types: ScopeTypes, { commit, uncommitted, root }: PlanOptions): Plan {
  const { pipeline, inputs } = draft;
  const { name, registry, onFailure, file } = pipeline;
  draft.groups.push({ key: '', kind: 'run', title: name, needs: [], failFast: false, onFailure });
  planStages(draft);
  planFinally(draft, pipeline.finally, { key: 'finally', title: 'finally', parent: '' });
  const reporters = pipeline.reporters.map(({ uses, at, with: settings }) => {
    const config = fold(settings, { draft, placeOf: () => at });
    return { uses, with: config, secrets: secretNamesIn(config) };
  });
  const { steps, groups } = withReleases(draft, registry);
  const content = {
    format: 1,
    name,
    inputs,
    secrets: pipeline.secrets,
    types,
    named: draft.named,
    gates: planGates(draft),
    ...(reporters.length > 0 && { reporters }),
    plugins: registry.plugins,
    steps,
    groups,
    outputs: fold(pipeline.outputs, { draft, placeOf: () => noPlace(file) }) as Readonly<Record<string, Value>>,
  } as const;
  return { ...content, fingerprint: fingerprintOf(content), source: { file: root === undefined ? file : relative(root, file), ...(commit !== undefined && { commit }), ...(uncommitted && { uncommitted }) } };
}

/** The file as a whole. */
const noPlace = (file: string) => ({ file, line: 1, column: 1, length: 1 });
