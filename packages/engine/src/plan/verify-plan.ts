import type { Finding, MetricUse, Preview, ReadContext } from '../contract/index.ts';
import { type Diagnostic, type Place, warn } from '../errors/diagnostic.ts';
import { readStepError } from '../errors/read-step-error.ts';
import type { Value } from '../expressions/value.ts';
import { decodePlanned } from '../schema/planned.ts';
import type { Ms } from '../model/ms.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { messageOf } from '../util/phrases.ts';
import type { ValidPipeline, WindowDeclaration } from '../validate/valid-pipeline.ts';
import { checkWindows, type WindowOpening } from './check-windows.ts';
import { ancestors, groupsByKey, isNever, pipelineAround } from './dag.ts';
import { filesOf, placesOf } from './finding-places.ts';
import { keyIn } from './plan-draft.ts';
import type { Plan, PlanGroup, PlanMetric, PlanStep, StepKey } from './plan.ts';
import { registryOf } from './registry-of.ts';

/** The result of the checks before a run. */
export interface PlanCheck {
  readonly findings: readonly Diagnostic[];
  readonly previews: ReadonlyMap<StepKey, Preview>;
  readonly windows: readonly WindowOpening[];
  /** Steps (and metrics, as `GATE: METRIC`, and channels, by their type) that could not be checked, and why. */
  readonly unchecked: readonly { readonly key: string; readonly because: string }[];
}

/** What the checks may use. */
export interface CheckContext {
  readonly contextFor: (key: string) => ReadContext;
  readonly now: Ms;
  /** Resolves, with the reason, when no further answer is waited for. */
  readonly isOver: Promise<string>;
  /** Values by name. Whatever needs one that is missing remains unchecked. */
  readonly secrets: Readonly<Record<string, string>>;
}

interface Checked {
  readonly key: string;
  readonly findings: readonly Diagnostic[];
  readonly preview?: Preview;
  readonly unchecked?: string;
}

/** Calls the read-only `verify` of every step type, metric type and channel, and every `preview`. Changes nothing. */
export async function verifyPlan(plan: Plan, pipeline: ValidPipeline, check: CheckContext): Promise<PlanCheck> {
  const placeAt = placesOf(pipeline, plan);
  const registry = registryOf(pipeline);
  const { windows, findings } = await checkWindows(plan, windowsOf(plan, pipeline), check.now);
  const groups = groupsByKey(plan);
  // With these inputs it may have no valid configuration, and needs none.
  const willNotRun = (step: PlanStep): boolean => [step, ...ancestors(groups, step.group)].some(isNever);
  const checked = await Promise.all([
    ...plan.steps.filter((step) => step.phase !== 'teardown' && !willNotRun(step)).map((step) => checkStep(registry, step, check, (at) => placeAt(step.key, at))),
    ...metricsOf(plan, pipeline).map((metric) => checkMetric(metric, registry, check)),
    ...groupsOf(plan, pipeline).map((group) => checkGroup(group, registry, check)),
    ...channelsOf(plan, pipeline).map((channel) => checkChannel(channel, pipeline, check)),
  ]);
  return {
    findings: [...findings, ...checked.flatMap((one) => one.findings)],
    windows,
    previews: new Map(checked.flatMap(({ key, preview }) => (preview ? [[key, preview] as const] : []))),
    unchecked: checked.flatMap(({ key, unchecked }) => (unchecked === undefined ? [] : [{ key, because: unchecked }])),
  };
}

type PlaceAt = (path: Finding['at']) => Place | undefined;

async function checkStep(registry: PluginRegistry, step: PlanStep, check: CheckContext, placeAt: PlaceAt): Promise<Checked> {
  const { key, act } = step;
  if (act.act !== 'task') return { key, findings: [] };
  const type = registry.steps.get(act.uses);
  if (!type) return { key, findings: [], unchecked: `no plugin supplies ${act.uses}` };
  // As most steps of a large plan: they need neither a configuration nor a context.
  if (!type.verify && !type.preview) return { key, findings: [], unchecked: hasNoVerify };
  const context = check.contextFor(key);
  const config = decodePlanned(type.with, act.with, check.secrets) as Parameters<NonNullable<typeof type.verify>>[0];
  const { findings, unchecked } = await verified(check, placeAt, type.verify && (() => type.verify?.(config, context)));
  const previewed = type.preview && (await attempted(check, async () => previewIn(await type.preview?.(config, context))));
  const preview = previewed?.ok === true ? previewed.value : undefined;
  const because = unchecked ?? (previewed?.ok === false ? previewed.because : undefined);
  return {
    key,
    findings,
    ...(preview && { preview }),
    ...(because !== undefined && { unchecked: because }),
  };
}

interface PlacedMetric {
  readonly key: string;
  readonly metric: PlanMetric;
  readonly at: Place | undefined;
}

function metricsOf(plan: Plan, pipeline: ValidPipeline): readonly PlacedMetric[] {
  const files = filesOf(pipeline, plan);
  return Object.values(plan.gates).flatMap(({ name: gate, pipeline: key = '', metrics }) => {
    const declared = files.get(key)?.pipeline.gates.find(({ name }) => keyIn({ key }, name) === gate);
    return metrics.map((metric) => {
      const at = declared?.metrics.find(({ name }) => name === metric.name)?.at;
      return { key: `${gate}: ${metric.name}`, metric, at };
    });
  });
}

/** Checks both sides of a metric. What is wrong with both is said once. */
async function checkMetric({ key, metric, at }: PlacedMetric, registry: PluginRegistry, check: CheckContext): Promise<Checked> {
  const type = registry.metrics.get(metric.uses);
  if (!type) return { key, findings: [], unchecked: `no plugin supplies ${metric.uses}` };
  const context = check.contextFor(key);
  const side = (config: Value) => {
    const planned = decodePlanned(type.with, config, check.secrets) as Parameters<NonNullable<typeof type.verify>>[0];
    return verified(check, () => at, type.verify && (() => type.verify?.(planned, context, useOf(metric))));
  };
  const { with: own, baseline } = metric;
  const candidate = await side(own);
  if (baseline === undefined || !type.verify) return { key, ...candidate };
  const other = await side({ ...(own as object), ...(baseline as object) });
  const isNew = ({ message }: Diagnostic): boolean => candidate.findings.every((known) => known.message !== message);
  const unchecked = candidate.unchecked ?? other.unchecked;
  return {
    key,
    findings: [...candidate.findings, ...other.findings.filter(isNew).map((one) => ({ ...one, message: `Of the baseline: ${one.message}` }))],
    ...(unchecked !== undefined && { unchecked }),
  };
}

const useOf = ({ unit, reduce, partial, minSamples }: PlanMetric): MetricUse => ({
  unit,
  ...(reduce !== undefined && { reduce }),
  ...(partial !== undefined && { partial }),
  ...(minSamples !== undefined && { minSamples }),
});

interface PlacedChannel {
  readonly uses: string;
  readonly config: Value;
  readonly at: Place | undefined;
}

/** A channel whose condition is false is not in the plan. */
const channelsOf = ({ notify = [] }: Plan, pipeline: ValidPipeline): readonly PlacedChannel[] =>
  notify.map(({ uses, with: config, entry }) => ({ uses, config, at: pipeline.notify[entry]?.at }));

async function checkChannel({ uses, config, at }: PlacedChannel, { registry }: ValidPipeline, check: CheckContext): Promise<Checked> {
  const type = registry.channels.get(uses);
  if (!type) return { key: uses, findings: [], unchecked: `no plugin supplies ${uses}` };
  const context = check.contextFor(uses);
  const planned = decodePlanned(type.with, config, check.secrets) as Parameters<NonNullable<typeof type.verify>>[0];
  return { key: uses, ...(await verified(check, () => at, type.verify && (() => type.verify?.(planned, context)))) };
}

/** The declared windows of every file, as the plan names them. */
const windowsOf = (plan: Plan, pipeline: ValidPipeline): readonly WindowDeclaration[] =>
  [...filesOf(pipeline, plan)].flatMap(([key, { pipeline: { windows } }]) => windows.map((window) => ({ ...window, name: keyIn({ key }, window.name) })));

interface PlacedGroup {
  readonly name: string;
  readonly group: PlanGroup;
  readonly at: Place | undefined;
}

function groupsOf(plan: Plan, pipeline: ValidPipeline): readonly PlacedGroup[] {
  const files = filesOf(pipeline, plan);
  return Object.entries(plan.people ?? {}).map(([name, group]) => {
    const declared = files.get(pipelineAround(plan, name) ?? '')?.pipeline.groups[name.slice(name.lastIndexOf('/') + 1)];
    return { name, group, at: declared !== undefined && 'at' in declared ? declared.at : undefined };
  });
}

/** Looks up who is in the group now, as a question will. */
async function checkGroup({ name, group: { uses, with: config }, at }: PlacedGroup, registry: PluginRegistry, check: CheckContext): Promise<Checked> {
  const key = `group ${name}`;
  const type = registry.groups.get(uses);
  if (!type) return { key, findings: [], unchecked: `no plugin supplies ${uses}` };
  const context = check.contextFor(name);
  const planned = decodePlanned(type.with, config, check.secrets) as Parameters<NonNullable<typeof type.verify>>[0];
  const { findings, unchecked } = type.verify ? await verified(check, () => at, () => type.verify?.(planned, context)) : { findings: [] };
  const people = await attempted(check, async () => type.members(planned as Parameters<typeof type.members>[0], context));
  const isEmpty = people.ok && Array.isArray(people.value) && people.value.length === 0;
  const because = people.ok ? unchecked : people.because;
  return {
    key,
    findings: isEmpty ? [...findings, warn('REL_GROUP_EMPTY', { group: name }, at)] : findings,
    ...(because !== undefined && { unchecked: because }),
  };
}

const hasNoVerify = 'its type has no `verify`';

/** The findings of a `verify`. That it could not verify is not a finding about the pipeline, but must be shown. */
async function verified(
  check: CheckContext,
  placeAt: PlaceAt,
  verify: (() => unknown) | undefined,
): Promise<{ readonly findings: readonly Diagnostic[]; readonly unchecked?: string }> {
  if (!verify) return { findings: [], unchecked: hasNoVerify };
  const answer = await attempted(check, async () => findingsIn(await verify()));
  if (!answer.ok) return { findings: [], unchecked: answer.because };
  return { findings: answer.value.map((finding) => diagnosticOf(finding, placeAt(finding.at))) };
}

function diagnosticOf({ level, code, message, hint }: Finding, at: Place | undefined): Diagnostic {
  return { severity: level, code, message, ...(hint !== undefined && { hint }), ...(at && { at }) };
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly because: string };

const attempted = <T>({ isOver }: CheckContext, act: () => Promise<T>): Promise<Attempt<T>> =>
  Promise.race([resultOf(act), isOver.then((because) => ({ ok: false, because }) as const)]);

async function resultOf<T>(act: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await act() };
  } catch (error) {
    const known = readStepError(error);
    return { ok: false, because: known === undefined ? messageOf(error) : `${known.code}: ${known.message}` };
  }
}

/** The compiler of a plugin would not let anything else pass, but not every plugin has one. */
function findingsIn(answer: unknown): readonly Finding[] {
  if (Array.isArray(answer) && answer.every(isFinding)) return answer.map((one) => ({ ...one }));
  throw new Error('its `verify` did not return a list of findings');
}

const isFinding = (one: unknown): one is Finding =>
  isObject(one) &&
  (one['level'] === 'error' || one['level'] === 'warning') &&
  ['code', 'message'].every((name) => typeof one[name] === 'string') &&
  (one['hint'] === undefined || typeof one['hint'] === 'string') &&
  (one['at'] === undefined || Array.isArray(one['at']));

function previewIn(answer: unknown): Preview {
  if (!isPreview(answer)) throw new Error('its `preview` did not return a preview');
  const { change, from, to, rollback, unknownUntilRun } = answer;
  return { change, ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(rollback !== undefined && { rollback }), ...(unknownUntilRun && { unknownUntilRun }) };
}

const isPreview = (answer: unknown): answer is Preview =>
  isObject(answer) &&
  typeof answer['change'] === 'string' &&
  ['from', 'to', 'rollback'].every((name) => answer[name] === undefined || typeof answer[name] === 'string') &&
  (answer['unknownUntilRun'] === undefined || isTexts(answer['unknownUntilRun']));

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
