import type { Json } from '../contract/index.ts';

/** The types of the language, as they are written in `inputs:` and `outputs:`. */
export const typeNames = [
  'string',
  'boolean',
  'number',
  'integer',
  'choice',
  'semver',
  'percent',
  'duration',
  'size',
  'time',
  'list',
  'map',
  'path',
] as const;
export type TypeName = (typeof typeNames)[number];

/** `any`: an output whose schema says nothing simpler. */
export type ScopeType = TypeName | 'any';
export type FieldTypes = Readonly<Record<string, ScopeType>>;

/** The names that an expression may use, with their types. A step with a matrix returns a list of the outputs of its cells, each with its `matrix`. */
export interface ScopeTypes {
  readonly inputs: FieldTypes;
  readonly steps: Readonly<Record<string, { readonly outputs: FieldTypes; readonly matrix?: FieldTypes }>>;
  readonly secrets: readonly string[];
  /** The patterns of inputs that have one: their named groups are fields. */
  readonly patterns?: Readonly<Record<string, string>>;
}

/** `run.…` in expressions. `outcome`, `because` and `failed` are for `finally`. */
export interface RunScope {
  readonly id: string;
  /** ISO 8601. */
  readonly started: string;
  readonly 'started-by'?: string;
  readonly environment?: string;
  readonly outcome?: string;
  readonly because?: string;
  readonly failed?: readonly string[];
}

/** The values behind the names, in canonical JSON (`10%`, `24h`, `1.4.0`). */
export interface Scope {
  readonly inputs: Readonly<Record<string, Json>>;
  /** By step id; only those that have ended. `outputs` is missing for a skipped step. */
  readonly steps: Readonly<Record<string, Json>>;
  /** By step key, for what composites pass from child to child. */
  readonly outputs: Readonly<Record<string, Json>>;
  /** By step key: what a step saved before its effect, for its rollback. */
  readonly saved?: Readonly<Record<string, Json>>;
  readonly matrix?: Readonly<Record<string, Json>>;
  readonly run?: Partial<RunScope>;
  /** The sub-pipeline whose names these are, by the key of its group; missing: the plan's own file. */
  readonly pipeline?: string;
  /** The optional secrets that have a value, and every other one. */
  readonly secrets?: Readonly<Record<string, true>>;
  /** Of the CI job in which the plan is made: for the defaults of inputs. */
  readonly ci?: Readonly<Partial<Record<CiField, string>>>;
  /** By what is written in `history("…")`, the newest run first: for the defaults of inputs. */
  readonly history?: Readonly<Record<string, readonly HistoryEntry[]>>;
}

/** `ci.…`: what the CI system says. */
export const ciFields = ['tag', 'branch', 'commit', 'event', 'actor', 'pull-request'] as const;
export type CiField = (typeof ciFields)[number];

/** A run in `history("NAME")`. */
export interface HistoryEntry {
  readonly run: string;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly outputs: Readonly<Record<string, Json>>;
  /** The types of its inputs. */
  readonly types: FieldTypes;
}

/** The names that an expression may use at its place in the file: beyond `ScopeTypes`, what exists only in some places. */
export interface NameTypes extends ScopeTypes {
  /** The options of inputs that are a choice. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** `matrix.…`: inside a step with a matrix. `any`: whatever the step's own matrix has. */
  readonly matrix?: FieldTypes | 'any';
  /** `run.…`: `planned` has only `environment`; `started` what a run knows of itself; `ended` also how it ended. Default `started`. */
  readonly run?: 'planned' | 'started' | 'ended';
  /** The environments of the file. Without any, a run has none. */
  readonly environments?: readonly string[];
  /** `saved.…` and `outputs.…` of the step that is rolled back: inside `rollback:`. */
  readonly rolledBack?: { readonly saved: FieldTypes | 'any'; readonly outputs: FieldTypes | 'any' };
  /** `outputs["KEY"].…` and `saved["KEY"].…`: what the plan writes. */
  readonly byKey?: boolean;
  /** `ci.…` and `history(…)`: in the defaults of inputs. */
  readonly inDefaults?: boolean;
}

export const plannedRunFields = { environment: 'string' } as const satisfies FieldTypes;
export const runFields = { ...plannedRunFields, id: 'string', started: 'time', 'started-by': 'string' } as const satisfies FieldTypes;
export const endedRunFields = {
  ...runFields,
  outcome: 'string',
  because: 'string',
  failed: 'list',
} as const satisfies FieldTypes;

/** `steps.ID.outputs.…` of an approval. */
export const approvalOutputs = { by: 'list', 'on-behalf-of': 'list', at: 'time', comments: 'list' } as const satisfies FieldTypes;
