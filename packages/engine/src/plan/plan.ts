import type { Window } from '../calendar/window.ts';
import type { Json, TeardownScope } from '../contract/index.ts';
import type { ScopeTypes } from '../expressions/scope.ts';
import type { Expression, Value } from '../expressions/value.ts';
import type { Concurrency } from '../model/concurrency.ts';
import type { Machine } from '../model/machine.ts';
import type { OnFailure } from '../model/mode.ts';
import type { Ms } from '../model/ms.ts';
import type { NotifyEvent } from '../model/notify.ts';
import type { RetryPolicy } from '../model/retry.ts';
import type { MetricDeclaration } from '../validate/valid-pipeline.ts';
import type { Act, PlanPeople } from './act.ts';
import type { Named, PlanPipeline } from './plan-pipeline.ts';

/** Identity of a step in its run, from the plan: `production/canary/1-shift` (counted from 1). */
export type StepKey = string;
/** Identity of a group: `production`, `quality/unit`. Steps and groups share one name space. */
export type GroupKey = string;
export interface WatchedGate {
  readonly gate: string;
  /** Overrides the step's own when this gate fails. */
  readonly onFailure?: OnFailure;
}

/** Steps that roll something else back as one; in each list they run one after the other. */
export interface RollbackSteps {
  readonly now: readonly PlanStep[];
  /** Missing where there is no rollback in stages. */
  readonly staged?: readonly PlanStep[];
}

export interface PlanStep {
  readonly key: StepKey;
  /** The `id` of the file, or the composite's child id. */
  readonly id: string;
  readonly title: string;
  /** Steps and groups that come first. */
  readonly needs: readonly (StepKey | GroupKey)[];
  readonly group: GroupKey;
  /**
   * `finally`: at the end of its stage or of the run. `rollback`: idle until what it belongs to is rolled back. `teardown`: stops what
   * another step started, where its scope ends.
   */
  readonly phase: 'main' | 'finally' | 'rollback' | 'teardown';
  readonly act: Act;
  /**
   * Of a task: the names of the secrets in its configuration, sorted, each once; a teardown has those of the step that it tears down.
   * Missing in other steps, and in plans of previous versions, where a task may use every secret of the plan.
   */
  readonly secrets?: readonly string[];
  /** Of a task: what the machine that executes it must provide, e.g. `{ os: 'linux' }`. */
  readonly runsOn?: Machine;
  /** Globs of the files that are kept with the run when it has ended. */
  readonly artifacts?: readonly string[];
  readonly when?: Expression;
  /** It starts only while one of these windows is open. Missing: at any time. */
  readonly window?: readonly string[];
  /** What `matrix.…` means for this step. */
  readonly matrix?: Readonly<Record<string, Json>>;
  readonly gates: readonly WatchedGate[];
  /** Meanwhile the candidate has all traffic, so that limits against the baseline are not judged. */
  readonly stableIsIdle?: true;
  readonly retry: RetryPolicy;
  /** Of holds, gates and approvals, from their start. The limit of a task is `attemptTimeoutMs`. */
  readonly timeoutMs?: Ms;
  /** The longest time without a sample while the run is parked. */
  readonly wakeEveryMs: Ms;
  /**
   * `assisted`: a person rolls it back, and its type verifies that. `nothing`: there is nothing to roll back. `unknown`: a command without
   * `rollback:`; nothing rolls it back, and only its author knows whether something should. `impossible`: the rollback stops here.
   */
  readonly rollback: 'automatic' | 'assisted' | 'nothing' | 'unknown' | 'impossible' | RollbackSteps;
  /** Its rollback returns traffic to the previous version: it does not wait until fewer rollbacks run. */
  readonly restoresTraffic?: true;
  /** A step without a state to save that can be rolled back counts as done from the moment it started. */
  readonly savesState: boolean;
  readonly onLost: 'probe' | 'retry' | 'ask';
  readonly onFailure: OnFailure;
  /** Why this run leaves it out; its condition and its window are not asked. */
  readonly leftOut?: string;
  /** What to do when it fails; missing: that of the group around it, or of the plan. */
  readonly runbook?: string;
  /** The scope at whose end a `teardown` step stops what it started. */
  readonly teardown?: TeardownScope;
  /** Of a `teardown` step: the step that it tears down. It works with that step's configuration, state and output. */
  readonly tearsDown?: StepKey;
}

/** A stage, a matrix, a composite after unfolding, a sub-pipeline, a `finally` block, or the teardowns after it. The root group of a run has the key ''. */
export interface Group {
  readonly key: GroupKey;
  readonly kind: 'run' | 'stage' | 'matrix' | 'composite' | 'pipeline' | 'finally' | 'teardown';
  readonly title: string;
  readonly parent?: GroupKey;
  readonly needs: readonly (StepKey | GroupKey)[];
  readonly when?: Expression;
  /** As of a step. */
  readonly window?: readonly string[];
  readonly matrix?: Readonly<Record<string, Json>>;
  /** Working time: runs while at least one of its tasks runs. */
  readonly timeoutMs?: Ms;
  /** When one child fails, its siblings are cancelled. */
  readonly failFast: boolean;
  /** How many of its direct children may be open at once. */
  readonly maxParallel?: number;
  /** Steps that replace the rollbacks of its children. */
  readonly rollback?: RollbackSteps;
  readonly onFailure: OnFailure;
  /** As of a step. */
  readonly leftOut?: string;
  readonly runbook?: string;
  /**
   * Taken before the first step inside that may change anything, in addition to that of the groups around it. `none`, of a stage: its steps
   * need no group of runs. Missing in plans of previous versions: they took none.
   */
  readonly concurrency?: Concurrency | 'none';
}

/** A metric as it is declared, with everything evaluated that is known already. `baseline` is merged over `with` when it is sampled. */
export interface PlanMetric extends Omit<MetricDeclaration, 'at'> {
  /** The names of the secrets in `with` and `baseline`, sorted, each once. Missing in plans of previous versions. */
  readonly secrets?: readonly string[];
  /** How far back each value reaches, where its type says so. Missing in plans of previous versions: there the second breach in a row fails. */
  readonly windowMs?: Ms;
}

export interface PlanGate {
  /** As in its file; in a sub-pipeline after the key of its group. */
  readonly name: string;
  /** The sub-pipeline that declares it. */
  readonly pipeline?: GroupKey;
  readonly everyMs: Ms;
  readonly metrics: readonly PlanMetric[];
}

/** A group type that knows the people of a group. */
export interface PlanGroup {
  readonly uses: string;
  readonly with: Value;
  /** The names of the secrets in `with`, sorted, each once. */
  readonly secrets: readonly string[];
}

export interface PlanChannel {
  /** Its place in the file: an entry whose condition is false is left out. */
  readonly entry: number;
  readonly uses: string;
  readonly with: Value;
  /** The names of the secrets in `with`, sorted, each once. */
  readonly secrets: readonly string[];
  readonly events: readonly NotifyEvent[];
  /** It hears only of these, and of what is in them. */
  readonly from?: readonly (StepKey | GroupKey)[];
  /** It keeps a document up to date: a newer state replaces an older one. */
  readonly document?: true;
  /** Its receiver recognizes a message that comes twice. */
  readonly repeatable?: true;
}

/** Where the value of an input came from. `detail`: which environment, what of the CI, which run, or what a default has read. */
export interface InputOrigin {
  readonly from: 'given' | 'environment' | 'default' | 'ci' | 'history';
  readonly detail?: string;
}

/** The file that a plan was read from, and where the values of its inputs came from. */
export interface PlanSource {
  /** Relative to the root of its repository. */
  readonly file: string;
  readonly commit?: string;
  /** The work tree differed from that commit. */
  readonly uncommitted?: true;
  /** By name, for each input with a value. Missing in plans of previous versions. */
  readonly inputs?: Readonly<Record<string, InputOrigin>>;
}

/** A plugin that provides types to the plan. */
export interface PlanPlugin {
  readonly package: string;
  /** Prefix of its types. */
  readonly name: string;
  readonly version: string;
  /** SHA-256 over its files. Missing in plans of previous versions. */
  readonly content?: string;
}

/** The DAG that will run: plain data, which is printed and recorded with the run. */
export interface Plan {
  readonly format: 1;
  readonly name: string;
  /** SHA-256 over everything else except `source`: two plans with the same fingerprint are the same plan. */
  readonly fingerprint: string;
  readonly source: PlanSource;
  /** Resolved inputs in canonical form: `10%`, `24h`, `1.4.0`, numbers, booleans. */
  readonly inputs: Readonly<Record<string, Json>>;
  /** The preset of the inputs that was chosen; `run.environment` in expressions. Missing where the file has none. */
  readonly environment?: string;
  /** Only the names; the values stay in the environment. */
  readonly secrets: readonly string[];
  /** The secrets without which the run does: whether each had a value when the plan was made, which decides `has(secrets.NAME)`. */
  readonly optionalSecrets?: Readonly<Record<string, boolean>>;
  /** The environment variables of secrets that have other names than these. */
  readonly secretVariables?: Readonly<Record<string, string>>;
  /** The types of inputs and outputs in expressions. */
  readonly types: ScopeTypes;
  readonly named: Readonly<Record<string, Named>>;
  /** By name. Missing where there are none, as in plans of previous versions. */
  readonly windows?: Readonly<Record<string, Window>>;
  readonly gates: Readonly<Record<string, PlanGate>>;
  /** Missing where there are none. */
  readonly notify?: readonly PlanChannel[];
  readonly runbook?: string;
  /** The stage with which the run ends, although the file continues. */
  readonly until?: string;
  /** Of the whole run, waiting included: then it is paused. Missing: no limit. */
  readonly timeoutMs?: Ms;
  /** How many rollbacks may run at once; those that return traffic do not count. Missing: any number. */
  readonly maxParallelRollbacks?: number;
  /** Groups of people whose members are looked up during the run, by name. Missing where there are none. */
  readonly people?: Readonly<Record<string, PlanGroup>>;
  /** The people who may continue and stop the run, and roll it back when it is over. Missing: anybody. */
  readonly operators?: PlanPeople;
  readonly plugins: readonly PlanPlugin[];
  /** The sub-pipelines, by the keys of their groups. Missing where there are none. */
  readonly pipelines?: Readonly<Record<GroupKey, PlanPipeline>>;
  /** In topological order. */
  readonly steps: readonly PlanStep[];
  /** Parents before children. */
  readonly groups: readonly Group[];
  readonly outputs: Readonly<Record<string, Value>>;
}
