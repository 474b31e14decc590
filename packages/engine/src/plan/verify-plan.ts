import { type Finding, isStepError, type MetricType, type Preview, type ReadContext, type ReporterType } from '../contract/index.ts';
import type { Diagnostic, Place } from '../errors/diagnostic.ts';
import type { Value } from '../expressions/value.ts';
import type { ValidPipeline } from '../validate/valid-pipeline.ts';
import { decodePlanned } from '../schema/planned.ts';
import type { Plan, PlanStep, StepKey } from './plan.ts';
import { placesOf } from './finding-places.ts';

/** What looking at the world before the run has shown. */
export interface PlanCheck {
  readonly findings: readonly Diagnostic[];
  readonly previews: ReadonlyMap<StepKey, Preview>;
  /** Steps (and metrics, as `GATE: METRIC`, and reporters by their type) that nobody could check, and why. */
  readonly unchecked: readonly { readonly key: string; readonly because: string }[];
}

/** What the checks may use. */
export interface CheckWorld {
  readonly contextFor: (key: string) => ReadContext;
  /** By name; those that are missing make what needs them unchecked. */
  readonly secrets: Readonly<Record<string, string>>;
}

interface Checked {
  readonly key: string;
  readonly findings: readonly Diagnostic[];
  readonly preview?: Preview;
  readonly unchecked?: string;
}

/** Calls every step type's, metric type's and reporter's read-only `verify`, and every `preview`. Nothing is changed. */
export async function verifyPlan(
  plan: Plan,
  pipeline: ValidPipeline,
  world: CheckWorld,
): Promise<PlanCheck> {
  const placeAt = placesOf(pipeline);
  const checked = await Promise.all([
    ...plan.steps.filter(({ phase }) => phase !== 'teardown').map((step) => checkStep(pipeline, step, world, (at) => placeAt(step.key, at))),
    ...metricsOf(plan, pipeline).map((metric) => checkPlaced(metric, pipeline.registry.metrics.get(metric.uses), world)),
    ...reportersOf(plan, pipeline).map((reporter) => checkPlaced(reporter, pipeline.registry.reporters.get(reporter.uses), world)),
  ]);
  return {
    findings: checked.flatMap(({ findings }) => findings),
    previews: new Map(checked.flatMap(({ key, preview }) => (preview ? [[key, preview] as const] : []))),
    unchecked: checked.flatMap(({ key, unchecked }) => (unchecked === undefined ? [] : [{ key, because: unchecked }])),
  };
}

type PlaceAt = (path: Finding['at']) => Place | undefined;

async function checkStep({ registry }: ValidPipeline, step: PlanStep, world: CheckWorld, placeAt: PlaceAt): Promise<Checked> {
  const { key, act } = step;
  const context = world.contextFor(key);
  if (act.act !== 'task') return { key, findings: [] };
  const type = registry.steps.get(act.uses);
  if (!type) return { key, findings: [], unchecked: `no plugin supplies ${act.uses}` };
  const config = decodePlanned(type.with, act.with, world.secrets) as Parameters<NonNullable<typeof type.verify>>[0];
  const verified = await look(placeAt, type.verify && (() => type.verify?.(config, context) ?? []));
  const previewed = type.preview && (await attempt(async () => type.preview?.(config, context)));
  const preview = previewed?.ok === true ? previewed.value : undefined;
  const because = verified.unchecked ?? (previewed?.ok === false ? previewed.because : undefined);
  return {
    key,
    findings: verified.findings,
    ...(preview && { preview }),
    ...(because !== undefined && { unchecked: because }),
  };
}

/** Something beside the steps that a plugin can check. */
interface Placed {
  readonly key: string;
  readonly uses: string;
  readonly config: Value;
  readonly at: Place | undefined;
}

const metricsOf = (plan: Plan, { gates }: ValidPipeline): readonly Placed[] =>
  Object.values(plan.gates).flatMap(({ name: gate, metrics }) =>
    metrics.map(({ name, uses, with: config }) => {
      const at = gates.find((declared) => declared.name === gate)?.metrics.find((metric) => metric.name === name)?.at;
      return { key: `${gate}: ${name}`, uses, config, at };
    }),
  );

const reportersOf = ({ reporters = [] }: Plan, pipeline: ValidPipeline): readonly Placed[] =>
  reporters.map(({ uses, with: config }, n) => ({ key: uses, uses, config, at: pipeline.reporters[n]?.at }));

async function checkPlaced({ key, uses, config, at }: Placed, type: MetricType | ReporterType | undefined, world: CheckWorld): Promise<Checked> {
  if (!type) return { key, findings: [], unchecked: `no plugin supplies ${uses}` };
  const context = world.contextFor(key);
  const planned = decodePlanned(type.with, config, world.secrets) as Parameters<NonNullable<typeof type.verify>>[0];
  return { key, ...(await look(() => at, type.verify && (() => type.verify?.(planned, context) ?? []))) };
}

/** What a `verify` found. That it could not look is no finding about the pipeline, but has to be said. */
async function look(
  placeAt: PlaceAt,
  verify: (() => Promise<readonly Finding[]> | readonly Finding[]) | undefined,
): Promise<{ readonly findings: readonly Diagnostic[]; readonly unchecked?: string }> {
  if (!verify) return { findings: [], unchecked: 'its type has no check' };
  const answer = await attempt(async () => verify());
  if (!answer.ok) return { findings: [], unchecked: answer.because };
  return { findings: answer.value.map((finding) => diagnosticOf(finding, placeAt(finding.at))) };
}

function diagnosticOf({ level, code, message, hint }: Finding, at: Place | undefined): Diagnostic {
  return { severity: level, code, message, ...(hint !== undefined && { hint }), ...(at && { at }) };
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly because: string };

async function attempt<T>(act: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await act() };
  } catch (error) {
    const code = isStepError(error) ? `${error.code}: ` : '';
    return { ok: false, because: `${code}${error instanceof Error ? error.message : String(error)}` };
  }
}
