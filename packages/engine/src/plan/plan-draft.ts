import type { Json } from '../contract/index.ts';
import type { Diagnostic } from '../errors/diagnostic.ts';
import type { Evaluator } from '../expressions/load-cel.ts';
import type { OnFailure } from '../model/mode.ts';
import type { ValidPipeline } from '../validate/valid-pipeline.ts';
import type { Group, GroupKey, Named, PlanStep, StepKey, WatchedGate } from './plan.ts';

/** A plan in the making: what `buildPlan` and the functions below it fill. */
export interface PlanDraft {
  readonly pipeline: ValidPipeline;
  readonly inputs: Readonly<Record<string, Json>>;
  /** Missing when the pipeline has no expression. */
  readonly evaluator: Evaluator | undefined;
  readonly steps: PlanStep[];
  readonly groups: Group[];
  /** Results of steps, by the id of the file. */
  readonly named: Record<string, Named>;
  readonly findings: Diagnostic[];
}

/** Where in the plan a step of the file comes to stand, and what it has from what surrounds it. */
export interface Site {
  readonly key: StepKey | GroupKey;
  readonly group: GroupKey;
  readonly needs: readonly (StepKey | GroupKey)[];
  readonly phase: PlanStep['phase'];
  readonly onFailure: OnFailure;
  /** Of what surrounds it, e.g. a composite. */
  readonly gates: readonly WatchedGate[];
  readonly matrix?: Readonly<Record<string, Json>>;
  /** Its condition stands on what surrounds it. */
  readonly hasWhen: boolean;
}
