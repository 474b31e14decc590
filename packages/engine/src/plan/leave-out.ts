import { relpipeError } from '../errors/relpipe-error.ts';
import { closestNames } from '../util/closest-names.ts';
import type { StageDeclaration, ValidPipeline } from '../validate/valid-pipeline.ts';

/** What one run leaves out of its file. */
export interface LeaveOut {
  /** The stage with which the run ends: it runs with what it needs, directly or over others. */
  readonly until?: string | undefined;
  /** Names of stages and steps that say `skippable`. */
  readonly skip: readonly string[];
  /** Of what is skipped: who decided it, and why. */
  readonly because: string;
}

/**
 * The pipeline with a note on each stage and step that this run leaves out. They count as skipped: what needs them runs. Throws
 * `REL_STAGE_UNKNOWN` and `REL_NOT_SKIPPABLE`.
 */
export function leaveOut(pipeline: ValidPipeline, { until, skip, because }: LeaveOut): ValidPipeline {
  if (until === undefined && skip.length === 0) return pipeline;
  const wanted = until === undefined ? undefined : closureOf(pipeline.stages, until);
  requireSkippable(pipeline, skip);
  const note = <T extends { readonly id: string }>(one: T): T => (skip.includes(one.id) ? { ...one, leftOut: because } : one);
  const stages = pipeline.stages.map((stage) => ({
    ...note(stage),
    steps: stage.steps.map(note),
    ...(wanted && !wanted.has(stage.id) && { leftOut: `this run ends with ${until ?? ''}` }),
  }));
  return { ...pipeline, stages };
}

function closureOf(stages: readonly StageDeclaration[], until: string): ReadonlySet<string> {
  const byId = new Map(stages.map((stage) => [stage.id, stage]));
  if (!byId.has(until)) throw relpipeError('REL_STAGE_UNKNOWN', { stage: until, near: closestNames(until, [...byId.keys()]), stages: [...byId.keys()] });
  const closure = new Set<string>();
  const open = [until];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (closure.has(id)) continue;
    closure.add(id);
    open.push(...(byId.get(id)?.needs ?? []));
  }
  return closure;
}

function requireSkippable({ stages }: ValidPipeline, names: readonly string[]): void {
  const all = [...stages, ...stages.flatMap(({ steps }) => steps)];
  const skippable = all.flatMap((one) => (one.skippable ? [one.id] : []));
  for (const name of names) {
    if (skippable.includes(name)) continue;
    throw relpipeError('REL_NOT_SKIPPABLE', { name, isKnown: all.some(({ id }) => id === name), skippable });
  }
}
