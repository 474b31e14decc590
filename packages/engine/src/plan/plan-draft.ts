import type { Window } from '../calendar/window.ts';
import type { Json } from '../contract/index.ts';
import type { Diagnostic } from '../errors/diagnostic.ts';
import type { Evaluator } from '../expressions/load-cel.ts';
import type { Machine } from '../model/machine.ts';
import type { ScopeTypes } from '../expressions/scope.ts';
import type { OnFailure } from '../model/mode.ts';
import type { ValidPipeline } from '../validate/valid-pipeline.ts';
import type { InputSources } from './inputs.ts';
import type { Group, GroupKey, PlanGate, PlanGroup, PlanStep, StepKey, WatchedGate } from './plan.ts';
import type { PlanPipeline, Named } from './plan-pipeline.ts';

/** Where the stages of a file are put into the plan, and what they take over: at its top, or in the group of a sub-pipeline. */
export interface Frame {
  /** '' at the top. */
  readonly key: GroupKey;
  readonly onFailure: OnFailure;
  /** They watch every step in it. */
  readonly gates: readonly WatchedGate[];
  /** What the machine of every step in it must provide. */
  readonly runsOn: Machine;
  /** A group around it does not run with these inputs. */
  readonly isNever?: boolean;
}

/** What the inputs and secrets of sub-pipelines can come from, beyond the steps that include them. */
interface SubPipelineSources {
  readonly ci?: InputSources['ci'];
  readonly histories: ReadonlyMap<ValidPipeline, InputSources['history']>;
  readonly hasVariable: (variable: string) => boolean;
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
  readonly environment: string | undefined;
  readonly types: ScopeTypes;
  /** Those that have a value, and every one that is required. */
  readonly secrets: Record<string, true>;
  /** The names that the plan has for secrets of a sub-pipeline, where they differ from those of its file. */
  readonly secretNames: ReadonlyMap<string, string>;
  /** For the sub-pipelines: by the pipeline that has expressions. */
  readonly evaluators: ReadonlyMap<ValidPipeline, Evaluator>;
  /** For the sub-pipelines: what the values of their inputs can come from. */
  readonly sources: SubPipelineSources;
  /** Missing when the pipeline has no expression. */
  readonly evaluator: Evaluator | undefined;
  readonly steps: PlanStep[];
  readonly groups: Group[];
  /** Of every file, planned before the steps that they watch. */
  readonly gates: Record<string, PlanGate>;
  /** Of every file: the groups that are looked up. */
  readonly people: Record<string, PlanGroup>;
  readonly windows: Record<string, Window>;
  readonly pipelines: Record<GroupKey, PlanPipeline>;
  /** The secrets of all files, by the names of the plan. */
  readonly allSecrets: Map<string, PlannedSecret>;
  /** Results of steps, by the id of the file. */
  readonly named: Record<string, Named>;
  readonly findings: Diagnostic[];
}

/** The key of a stage, a `finally` or a gate of the file. */
export const keyIn = ({ key }: Pick<Frame, 'key'>, name: string): string => (key === '' ? name : `${key}/${name}`);

/** `isPresent`: of an optional one, whether it has a value. */
interface PlannedSecret {
  readonly variable: string;
  readonly isPresent?: boolean;
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
  /** As far as the groups around it say. */
  readonly runsOn: Machine;
  readonly matrix?: Readonly<Record<string, Json>>;
  /** The group around it has its condition. */
  readonly hasWhen: boolean;
  /** The group around it waits for its window. */
  readonly hasWindow: boolean;
  /** A group around it does not run with these inputs. */
  readonly isNever?: boolean;
}
