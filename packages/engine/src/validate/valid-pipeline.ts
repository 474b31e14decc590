import type { Window } from '../calendar/window.ts';
import type { Json, Unit } from '../contract/index.ts';
import type { Place } from '../errors/diagnostic.ts';
import type { FieldTypes, TypeName } from '../expressions/scope.ts';
import type { Expression, Value } from '../expressions/value.ts';
import type { OnConflict } from '../model/concurrency.ts';
import type { OnFailure } from '../model/mode.ts';
import type { Ms } from '../model/ms.ts';
import type { NotifyEvent } from '../model/notify.ts';
import type { RetryPolicy } from '../model/retry.ts';
import type { Threshold } from '../model/threshold.ts';
import type { PluginRegistry } from '../plugins/registry.ts';

declare const valid: unique symbol;

/** A pipeline that every rule has accepted. Only `validatePipeline` makes one. */
export interface ValidPipeline {
  readonly [valid]: true;
  readonly file: string;
  /** Folder of the file: `run:` and paths start here. */
  readonly folder: string;
  /** The text of the file. */
  readonly source: string;
  readonly name: string;
  readonly description?: string;
  readonly registry: PluginRegistry;
  readonly inputs: readonly InputDeclaration[];
  /** Presets of the inputs, in canonical form. Where there are any, a run needs one. */
  readonly environments: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly secrets: readonly SecretDeclaration[];
  readonly groups: Readonly<Record<string, GroupDeclaration>>;
  /** The groups whose people may continue and stop a run. Missing: anybody. */
  readonly operators?: readonly string[];
  readonly defaults: {
    readonly timeoutMs: Ms;
    readonly retry: RetryPolicy;
    /** Variables of every command. */
    readonly env?: Readonly<Record<string, Value>>;
  };
  /** Of the whole run. */
  readonly timeoutMs?: Ms;
  readonly timeoutAt?: Place;
  readonly windows: readonly WindowDeclaration[];
  readonly gates: readonly GateDeclaration[];
  readonly notify: readonly ChannelDeclaration[];
  readonly stages: readonly StageDeclaration[];
  readonly finally: readonly StepDeclaration[];
  /** Missing: as around a sub-pipeline, else the default. */
  readonly onFailure?: OnFailure;
  /** What to do when something in it fails. */
  readonly runbook?: string;
  /** How many rollbacks may run at once; those that return traffic do not count. Missing: any number. */
  readonly concurrency?: ConcurrencyDeclaration;
  readonly maxParallelRollbacks?: number;
  readonly outputs: Readonly<Record<string, Value>>;
  /** The types of the outputs, as far as they are known. */
  readonly outputTypes: FieldTypes;
}

/** The pipelines that a file includes, by the file as its steps name it; undefined for one that is not valid. */
export type SubPipelines = ReadonlyMap<string, ValidPipeline | undefined>;

/** Everything the file declares, as far as its structure is right. It is not known to be valid yet. */
export type PipelineDeclaration = Omit<ValidPipeline, keyof { [K in keyof ValidPipeline as K extends symbol ? K : never]: unknown }>;

/** A group of runs; `none`: runs cannot get in each other's way. Without a `group`, that of the file's name. */
export type ConcurrencyDeclaration = 'none' | { readonly group?: Value; readonly onConflict?: OnConflict; readonly at: Place };

export interface InputDeclaration {
  readonly name: string;
  readonly type: TypeName;
  /** A run without a value for it is refused. */
  readonly required: boolean;
  /** Canonical, or an expression that is evaluated when the plan is made. */
  readonly default?: Value;
  readonly min?: Json;
  readonly max?: Json;
  readonly options?: readonly string[];
  /** RE2, for the whole text. */
  readonly pattern?: string;
  readonly description?: string;
  readonly at: Place;
}

export interface SecretDeclaration {
  readonly name: string;
  /** A run that may need it is refused without it. Else `has(secrets.NAME)` tells whether it has a value. */
  readonly required: boolean;
  /** The environment variable with its value, where that is not its name. */
  readonly from?: Value;
  readonly at: Place;
}

export interface WindowDeclaration extends Omit<Window, 'except'> {
  readonly name: string;
  /** Dates, or expressions over the inputs. */
  readonly except: Value;
  readonly at: Place;
  /** Place of something inside, e.g. `['except', 0]`. */
  placeOf(path: readonly (string | number)[]): Place;
}

export interface GateDeclaration {
  readonly name: string;
  readonly everyMs: Ms;
  readonly metrics: readonly MetricDeclaration[];
  readonly at: Place;
}

export interface MetricDeclaration {
  readonly name: string;
  /** A metric type; `run:` becomes the built-in `relpipe.command`. */
  readonly uses: string;
  readonly with: Value;
  /** `with` of the other side, as far as it differs from `with`. */
  readonly baseline?: Value;
  readonly unit: Unit;
  readonly threshold: Threshold;
  readonly noData: 'fail' | 'pass' | 'inconclusive';
  readonly partial?: 'inconclusive' | 'accept';
  readonly minSamples?: number;
  readonly reduce?: 'sum' | 'avg' | 'min' | 'max';
  /** Recorded, never decides. */
  readonly shadow: boolean;
  readonly at: Place;
}

/** The people of a group, or a group type that knows them; `run:` becomes the built-in `relpipe.members`. */
export type GroupDeclaration =
  | { readonly people: readonly string[] }
  | { readonly uses: string; readonly with: Value; readonly at: Place };

/** A word is a group, an expression returns names. */
export type PeopleDeclaration = readonly ({ readonly group: string } | { readonly names: Value })[];

export interface ChannelDeclaration {
  readonly uses: string;
  readonly with: Value;
  /** Missing: all. */
  readonly events?: readonly NotifyEvent[];
  /** Stages, and ids of steps. Missing: the whole run. */
  readonly from?: readonly string[];
  readonly when?: Expression;
  readonly at: Place;
}

export interface StageDeclaration {
  readonly id: string;
  readonly title: string;
  readonly needs: readonly string[];
  readonly when?: Expression;
  /** Names of windows, or expressions over the inputs that return names. */
  readonly window?: readonly Value[];
  readonly timeoutMs?: Ms;
  readonly parallel: boolean;
  /** What the machine must provide. */
  readonly runsOn?: Readonly<Record<string, Value>>;
  readonly concurrency?: ConcurrencyDeclaration;
  readonly onFailure?: OnFailure;
  /** A person may leave it out of a run. */
  readonly skippable?: true;
  /** Why this run leaves it out. */
  readonly leftOut?: string;
  readonly runbook?: string;
  readonly steps: readonly StepDeclaration[];
  readonly finally: readonly StepDeclaration[];
  readonly at: Place;
  placeOf(path: readonly (string | number)[]): Place;
}

export interface MatrixDeclaration {
  /** Lists from the file, or one expression over the inputs that returns a list. */
  readonly axes: Readonly<Record<string, readonly Json[] | Expression>>;
  readonly include: readonly Readonly<Record<string, Json>>[];
  readonly exclude: readonly Readonly<Record<string, Json>>[];
  readonly maxParallel?: number;
  readonly failFast: boolean;
}

/** The action of a step. `run:` is the built-in step type `relpipe.run` with its command, env, probe and declared outputs. */
export type Action =
  | { readonly kind: 'task'; readonly uses: string; readonly with: Value }
  | { readonly kind: 'composite'; readonly uses: string; readonly with: Value }
  /** `for`: canonical duration text, or an expression. */
  | { readonly kind: 'hold'; readonly for: Value; readonly atEnd: 'wait' | 'pause' | 'fail' }
  | { readonly kind: 'gate' }
  /** `with`: values in canonical form, or expressions. */
  | { readonly kind: 'pipeline'; readonly pipeline: ValidPipeline; readonly with: Readonly<Record<string, Value>>; readonly environment?: Value }
  | ApprovalAction
  | { readonly kind: 'assert'; readonly condition: Expression; readonly message?: Value };

export interface ApprovalAction {
  readonly kind: 'approval';
  readonly ask: Value;
  readonly quorum: Value;
  /** Missing: anybody. */
  readonly of?: PeopleDeclaration;
  readonly except?: PeopleDeclaration;
  readonly delegates?: PeopleDeclaration;
  readonly items?: readonly Value[];
  readonly atTimeout?: 'approve';
}

export interface StepDeclaration {
  readonly id: string;
  readonly title: string;
  readonly action: Action;
  readonly needs: readonly string[];
  readonly when?: Expression;
  /** As of a stage; may also read the matrix. */
  readonly window?: readonly Value[];
  readonly matrix?: MatrixDeclaration;
  /** What the machine must provide, beyond what its stage says. */
  readonly runsOn?: Readonly<Record<string, Value>>;
  readonly gates: readonly { readonly gate: string; readonly onFailure?: OnFailure }[];
  readonly timeoutMs?: Ms;
  /** Without `attempts` it has no pauses either: then the step keeps those that it has anyway. */
  readonly retry?: Partial<RetryPolicy>;
  readonly wakeEveryMs: Ms;
  /** Globs of files that are kept with the run. */
  readonly artifacts?: readonly Value[];
  /** `rollback:` of the file: steps, or `none`. Missing: the step type's own. */
  readonly rollback?: 'none' | readonly StepDeclaration[];
  readonly irreversible: boolean;
  /** The treatment of an interrupted `run:` step: `idempotent: true` means retry, `probe:` means probe, else a person is asked. */
  readonly onLost: 'probe' | 'retry' | 'ask';
  readonly onFailure?: OnFailure;
  /** A person may leave it out of a run. */
  readonly skippable?: true;
  /** Why this run leaves it out. */
  readonly leftOut?: string;
  readonly runbook?: string;
  readonly at: Place;
  /** Place of something inside the step, e.g. `['with', 'phases', 0, 'weight']`; the nearest one that exists. */
  placeOf(path: readonly (string | number)[]): Place;
}

/** Every step of the file, with those under `rollback` and `finally`. */
export function allSteps({ stages, finally: last }: Pick<ValidPipeline, 'stages' | 'finally'>): readonly StepDeclaration[] {
  const steps = [...stages.flatMap((stage) => [...stage.steps, ...stage.finally]), ...last];
  return steps.flatMap((step) => (typeof step.rollback === 'object' ? [step, ...step.rollback] : [step]));
}

/** The pipelines that the steps of a pipeline include, directly and over others; each after the one that includes it. */
export function* pipelinesIn(pipeline: ValidPipeline): Generator<ValidPipeline> {
  yield pipeline;
  for (const { action } of allSteps(pipeline)) if (action.kind === 'pipeline') yield* pipelinesIn(action.pipeline);
}
