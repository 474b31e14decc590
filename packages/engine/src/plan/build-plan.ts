import { relative } from 'node:path';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { type Evaluator, loadEvaluator } from '../expressions/load-cel.ts';
import { printDuration } from '../expressions/quantities/duration.ts';
import type { ScopeTypes } from '../expressions/scope.ts';
import { holdsUnknown, type Value } from '../expressions/value.ts';
import { defaultOnFailure } from '../model/defaults.ts';
import { pipelinesIn, type ValidPipeline } from '../validate/valid-pipeline.ts';
import { needEndsOfPipelines } from './after-pipelines.ts';
import { membersOf } from './approval.ts';
import { planChannels } from './channels.ts';
import { concurrencyOfFile } from './concurrency.ts';
import { evaluateKnown } from './evaluate-known.ts';
import { minimumDuration } from './minimum-duration.ts';
import { fingerprintOf } from './fingerprint.ts';
import { askHistoriesOfSubPipelines, gatherInputs, type InputOptions } from './gather-inputs.ts';
import { planGates } from './gates.ts';
import { planGroups } from './people.ts';
import { markIdleStable } from './idle-stable.ts';
import type { ResolvedInputs } from './inputs.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { Plan, PlanSource } from './plan.ts';
import { registryOf } from './registry-of.ts';
import { scopeTypesOf } from './scope-types.ts';
import { secretsOfFile, secretsOfPlan } from './secrets.ts';
import { planStages } from './stages.ts';
import { planWindows } from './windows.ts';
import { addTeardowns } from './teardown.ts';

export interface PlanOptions extends InputOptions {
  /** Whether an environment variable has a value, for the optional secrets. */
  readonly hasVariable?: (variable: string) => boolean;
  /** The stage with which the run ends. */
  readonly until?: string | undefined;
  /** The git commit at which the file was read. */
  readonly commit?: string;
  /** The work tree differed from that commit. */
  readonly uncommitted?: true;
  /** Identifies the package in a folder by its files; missing: plugins are identified by their version. */
  readonly contentOf?: (root: string) => string;
  /** The file is named relative to this folder; default: as the pipeline names it. */
  readonly root?: string;
}

export type BuiltPlan =
  | { readonly ok: true; readonly plan: Plan; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Unfolds a pipeline with its inputs into the DAG that will run. It is asynchronous only because CEL is loaded when it is needed. */
export async function buildPlan(pipeline: ValidPipeline, options: PlanOptions): Promise<BuiltPlan> {
  const types = scopeTypesOf(pipeline);
  const evaluators = await evaluatorsFor(pipeline);
  const evaluator = evaluators.get(pipeline);
  const { values: inputs, origins, findings } = await gatherInputs(pipeline, options, evaluator);
  const histories = await askHistoriesOfSubPipelines(pipeline, options);
  if (findings.length + histories.findings.length > 0) return { ok: false, diagnostics: [...findings, ...histories.findings] };
  const draft: PlanDraft = {
    pipeline,
    frame: { key: '', onFailure: pipeline.onFailure ?? defaultOnFailure, gates: [], runsOn: {} },
    root: { folder: pipeline.folder, names: options.root ?? pipeline.folder },
    inputs,
    laterInputs: new Set(),
    secretNames: new Map(),
    evaluators,
    sources: { histories: histories.byPipeline, hasVariable: options.hasVariable ?? (() => true), ...(options.ci && { ci: options.ci }) },
    environment: options.environment,
    types,
    secrets: {},
    evaluator,
    steps: [],
    groups: [],
    gates: {},
    people: {},
    windows: {},
    pipelines: {},
    allSecrets: new Map(),
    named: {},
    findings: [],
  };
  const plan = planFrom(draft, types, { ...options, origins });
  draft.findings.push(...timeoutFindings(plan, pipeline));
  const errors = draft.findings.filter(({ severity }) => severity === 'error');
  return errors.length > 0 ? { ok: false, diagnostics: draft.findings } : { ok: true, plan, warnings: draft.findings };
}

interface Origins {
  readonly origins: ResolvedInputs['origins'];
}

/** None for a pipeline without expressions, which need not wait for CEL to load. */
async function evaluatorsFor(pipeline: ValidPipeline): Promise<ReadonlyMap<ValidPipeline, Evaluator>> {
  const evaluators = new Map<ValidPipeline, Evaluator>();
  for (const one of new Set(pipelinesIn(pipeline))) {
    const { stages, windows, gates, groups, notify, outputs, concurrency } = one;
    const early = [...one.inputs.map((input) => input.default), ...one.secrets.map(({ from }) => from), one.defaults.env];
    if (holdsUnknown([stages, windows, one.finally, gates, groups, notify, outputs, early, concurrency])) evaluators.set(one, await loadEvaluator(scopeTypesOf(one)));
  }
  return evaluators;
}

function planFrom(draft: PlanDraft, types: ScopeTypes, options: PlanOptions & Origins): Plan {
  const { pipeline, inputs, environment } = draft;
  const { name, runbook, timeoutMs, maxParallelRollbacks, file } = pipeline;
  const { onFailure } = draft.frame;
  const registry = registryOf(pipeline);
  Object.assign(draft.secrets, secretsOfFile(draft).present);
  draft.groups.push({ key: '', kind: 'run', title: name, needs: [], failFast: false, onFailure, ...concurrencyOfFile(draft) });
  Object.assign(draft.people, planGroups(draft));
  Object.assign(draft.windows, planWindows(draft));
  Object.assign(draft.gates, planGates(draft));
  planStages(draft);
  const notify = planChannels(draft);
  const { steps, groups } = needEndsOfPipelines(addTeardowns({ steps: markIdleStable(draft, draft), groups: draft.groups }, registry));
  const content = {
    format: 1,
    name,
    inputs,
    ...(environment !== undefined && { environment }),
    ...secretsOfPlan(draft),
    types,
    named: draft.named,
    ...(Object.keys(draft.windows).length > 0 && { windows: draft.windows }),
    gates: draft.gates,
    ...(notify.length > 0 && { notify }),
    ...(options.until !== undefined && { until: options.until }),
    ...(runbook !== undefined && { runbook }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...peopleOf(draft),
    ...(maxParallelRollbacks !== undefined && { maxParallelRollbacks }),
    plugins: registry.plugins.map(({ root, ...plugin }) => ({ ...plugin, ...(options.contentOf && { content: options.contentOf(root) }) })),
    ...(Object.keys(draft.pipelines).length > 0 && { pipelines: draft.pipelines }),
    steps,
    groups,
    outputs: evaluateKnown(pipeline.outputs, { draft, placeOf: () => ({ file, line: 1, column: 1, length: 1 }) }) as Readonly<Record<string, Value>>,
  } as const;
  return { ...content, fingerprint: fingerprintOf(content), source: sourceOf(file, options) };
}

/** Waiting counts: holds longer than the timeout could never end. */
function timeoutFindings(plan: Plan, { timeoutMs, timeoutAt }: ValidPipeline): readonly Diagnostic[] {
  const { ms } = minimumDuration(plan);
  if (timeoutMs === undefined || ms <= timeoutMs) return [];
  return [diagnose('REL_RUN_TIMEOUT_TOO_SHORT', { limit: printDuration(timeoutMs), needed: printDuration(ms) }, timeoutAt)];
}

/** The groups of every file that are looked up, and the operators, which are those of the plan's own file. */
function peopleOf(draft: PlanDraft): Pick<Plan, 'people' | 'operators'> {
  const { people, pipeline } = draft;
  const { operators } = pipeline;
  return {
    ...(Object.keys(people).length > 0 && { people }),
    ...(operators && { operators: operators.flatMap((name) => membersOf(draft, name)) }),
  };
}

const sourceOf = (file: string, { commit, uncommitted, root, origins }: PlanOptions & Origins): PlanSource => ({
  file: root === undefined ? file : relative(root, file),
  ...(commit !== undefined && { commit }),
  ...(uncommitted && { uncommitted }),
  ...(Object.keys(origins).length > 0 && { inputs: origins }),
});
