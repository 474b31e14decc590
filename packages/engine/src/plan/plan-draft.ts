import type { Json } from '../contract/index.ts';
import type { Diagnostic } from '../errors/diagnostic.ts';
import type { Evaluator } from '../expressions/load-cel.ts';
import type { ScopeTypes } from '../expressions/scope.ts';
import type { OnFailure } from '../model/mode.ts';
import type { ValidPipeline } from '../validate/valid-pipeline.ts';
import type { Group, GroupKey, Named, PlanGate, PlanStep, StepKey, WatchedGate } from './plan.ts';

/** A plan in the making, which `buildPlan` and the functions that it calls fill. */
export interface PlanDraft {
  readonly pipeline: ValidPipeline;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly environment: string | undefined;
  readonly types: ScopeTypes;
  /** Those that have a value, and every one that is required. */
  readonly secrets: Record<string, true>;
  /** Missing when the pipeline has no expression. */
  readonly evaluator: Evaluator | undefined;
  readonly steps: PlanStep[];
  readonly groups: Group[];
  /** Of the file, planned before the steps that they watch. */
  readonly gates: Record<string, PlanGate>;
  /** Results of steps, by the id of the file. */
  readonly named: Record<string, Named>;
  readonly findings: Diagnostic[];
}

/** The place of a step in the plan, and what it takes over from the groups around it. */
export interface Placement {
  readonly key: StepKey | GroupKey;
  readonly group: GroupKey;
  readonly needs: readonly (StepKey | GroupKey)[];
  readonly phase: PlanStep['phase'];
  readonly onFailure: OnFailure;
  /** The gates of the groups around it, e.g. of a composite. */
  readonly gates: readonly WatchedGate[];
  readonly matrix?: Readonly<Record<string, Json>>;
  /** The group around it has its condition. */
  readonly hasWhen: boolean;
  /** The group around it waits for its window. */
  readonly hasWindow: boolean;
  /** A group around it does not run with these inputs. */
  readonly isNever?: boolean;
}
