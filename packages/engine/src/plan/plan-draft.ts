import type { Json } from '../contract/index.ts';
import type { Diagnostic } from '../errors/diagnostic.ts';
import type { Evaluator } from '../expressions/load-cel.ts';
import type { Machine } from '../model/machine.ts';
import type { OnFailure } from '../model/mode.ts';
import type { ValidPipeline } from '../validate/valid-pipeline.ts';
import type { Group, GroupKey, Named, PlanGate, PlanPipeline, PlanStep, StepKey, WatchedGate } from './plan.ts';

/** Where the stages of a file are put into the plan, and what they take over: at its top, or in the group of a sub-pipeline. */
export interface Frame {
  /** '' at the top. */
  readonly key: GroupKey;
  readonly onFailure: OnFailure;
  /** They watch every step in it. */
  readonly gates: readonly WatchedGate[];
  /** What the machine of every step in it must provide. */
  readonly runsOn: Machine;
}

/** A plan in the making, which `buildPlan` and the functions that it calls fill. Each sub-pipeline has a draft of its own, which shares its lists. */
export interface PlanDraft {
  readonly pipeline: ValidPipeline;
  readonly frame: Frame;
  /** The folder of the plan's own file, and that to which files are named relative. */
  readonly root: { readonly folder: string; readonly names: string };
  readonly inputs: Readonly<Record<string, Json>>;
  /** The inputs of a sub-pipeline that only the run knows. */
  readonly laterInputs: ReadonlySet<string>;
  /** By the pipeline that has expressions. */
  readonly evaluators: ReadonlyMap<ValidPipeline, Evaluator>;
  readonly steps: PlanStep[];
  readonly groups: Group[];
  /** Of every file, planned before the steps that they watch. */
  readonly gates: Record<string, PlanGate>;
  readonly pipelines: Record<GroupKey, PlanPipeline>;
  /** Results of steps, by the id of the file. */
  readonly named: Record<string, Named>;
  readonly findings: Diagnostic[];
}

/** The key of a stage, a `finally` or a gate of the file. */
export const keyIn = ({ key }: Pick<Frame, 'key'>, name: string): string => (key === '' ? name : `${key}/${name}`);

/** The place of a step in the plan, and what it takes over from the groups around it. */
export interface Placement {
  readonly key: StepKey | GroupKey;
  readonly group: GroupKey;
  readonly needs: readonly (StepKey | GroupKey)[];
  readonly phase: PlanStep['phase'];
  readonly onFailure: OnFailure;
  /** The gates of the groups around it, e.g. of a composite. */
  readonly gates: readonly WatchedGate[];
  /** As far as the groups around it say. */
  readonly runsOn: Machine;
  readonly matrix?: Readonly<Record<string, Json>>;
  /** The group around it has its condition. */
  readonly hasWhen: boolean;
}
