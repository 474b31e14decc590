import { relative } from 'node:path';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { type Evaluator, loadEvaluator } from '../expressions/load-cel.ts';
import { printDuration } from '../expressions/quantities/duration.ts';
import type { ScopeTypes } from '../expressions/scope.ts';
import { holdsUnknown, secretNamesIn, type Value } from '../expressions/value.ts';
import type { ValidPipeline } from '../validate/valid-pipeline.ts';
import { membersOf } from './approval.ts';
import { planChannels } from './channels.ts';
import { concurrencyOfFile } from './concurrency.ts';
import { evaluateKnown } from './evaluate-known.ts';
import { minimumDuration } from './minimum-duration.ts';
import { fingerprintOf } from './fingerprint.ts';
import { gatherInputs, type InputOptions } from './gather-inputs.ts';
import { planGates } from './gates.ts';
import { markIdleStable } from './idle-stable.ts';
import type { ResolvedInputs } from './inputs.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { Plan, PlanSource } from './plan.ts';
import { scopeTypesOf } from './scope-types.ts';
import { planSecrets, presentSecrets } from './secrets.ts';
import { planFinally, planStages } from './stages.ts';
import { planWindows } from './windows.ts';
import { addTeardowns } from './teardown.ts';

export interface PlanOptions extends InputOptions {
  /** Whether an environment variable has a value, for the optional secrets. */
  readonly hasVariable?: (variable: string) => boolean;
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
  const evaluator = await evaluatorFor(pipeline, types);
  const { values: inputs, origins, findings } = await gatherInputs(pipeline, options, evaluator);
  if (findings.length > 0) return { ok: false, diagnostics: findings };
  const draft: PlanDraft = {
    pipeline,
    inputs,
    environment: options.environment,
    types,
    secrets: {},
    evaluator,
    steps: [],
    groups: [],
    gates: {},
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

/** Undefined for a pipeline without expressions, which need not wait for CEL to load. */
async function evaluatorFor(pipeline: ValidPipeline, types: ScopeTypes): Promise<Evaluator | undefined> {
  const { stages, windows, gates, groups, notify, outputs, concurrency } = pipeline;
  const early = [...pipeline.inputs.map((input) => input.default), ...pipeline.secrets.map(({ from }) => from), pipeline.defaults.env];
  return holdsUnknown([stages, windows, pipeline.finally, gates, groups, notify, outputs, early, concurrency]) ? loadEvaluator(types) : undefined;
}

function planFrom(draft: PlanDraft, types: ScopeTypes, options: PlanOptions & Origins): Plan {
  const { pipeline, inputs, environment } = draft;
  const { name, registry, onFailure, runbook, timeoutMs, maxParallelRollbacks, file } = pipeline;
  const secrets = planSecrets(draft, options.hasVariable ?? (() => true));
  Object.assign(draft.secrets, presentSecrets(secrets));
  draft.groups.push({ key: '', kind: 'run', title: name, needs: [], failFast: false, onFailure, ...concurrencyOfFile(draft) });
  const windows = planWindows(draft);
  Object.assign(draft.gates, planGates(draft));
  planStages(draft);
  planFinally(draft, pipeline.finally, { key: 'finally', title: 'finally', parent: '' });
  const notify = planChannels(draft);
  const { steps, groups } = addTeardowns({ steps: markIdleStable(draft, draft), groups: draft.groups }, registry);
  const content = {
    format: 1,
    name,
    inputs,
    ...(environment !== undefined && { environment }),
    ...secrets,
    types,
    named: draft.named,
    ...(windows && { windows }),
    gates: draft.gates,
    ...(notify.length > 0 && { notify }),
    ...(runbook !== undefined && { runbook }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...peopleOf(draft),
    ...(maxParallelRollbacks !== undefined && { maxParallelRollbacks }),
    plugins: registry.plugins.map(({ root, ...plugin }) => ({ ...plugin, ...(options.contentOf && { content: options.contentOf(root) }) })),
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

/** The groups that are looked up, and the operators. What a group needs has to be known before the run. */
function peopleOf(draft: PlanDraft): Pick<Plan, 'people' | 'operators'> {
  const { groups, operators } = draft.pipeline;
  const people = Object.entries(groups).flatMap(([name, group]) => {
    if ('people' in group) return [];
    const config = evaluateKnown(group.with, { draft, placeOf: () => group.at });
    if (holdsUnknown(config)) draft.findings.push(diagnose('REL_GROUP_NOT_KNOWN_YET', { group: name }, group.at));
    return [[name, { uses: group.uses, with: config, secrets: secretNamesIn(config) }] as const];
  });
  return {
    ...(people.length > 0 && { people: Object.fromEntries(people) }),
    ...(operators && { operators: operators.flatMap((name) => membersOf(draft, name)) }),
  };
}

const sourceOf = (file: string, { commit, uncommitted, root, origins }: PlanOptions & Origins): PlanSource => ({
  file: root === undefined ? file : relative(root, file),
  ...(commit !== undefined && { commit }),
  ...(uncommitted && { uncommitted }),
  ...(Object.keys(origins).length > 0 && { inputs: origins }),
});
