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
}

/** `run.…` in expressions. `outcome`, `because` and `failed` are for `finally`. */
export interface RunScope {
  readonly id: string;
  /** ISO 8601. */
  readonly started: string;
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
  readonly run?: RunScope;
  /** The sub-pipeline whose names these are, by the key of its group; missing: the plan's own file. */
  readonly pipeline?: string;
}

/** The names that an expression may use at its place in the file: beyond `ScopeTypes`, what exists only in some places. */
export interface NameTypes extends ScopeTypes {
  /** The options of inputs that are a choice. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** `matrix.…`: inside a step with a matrix. `any`: whatever the step's own matrix has. */
  readonly matrix?: FieldTypes | 'any';
  /** `run.…`: `started` has `id` and `started`; `ended` also `outcome`, `because` and `failed`. Default `started`. */
  readonly run?: 'started' | 'ended';
  /** `saved.…` and `outputs.…` of the step that is rolled back: inside `rollback:`. */
  readonly rolledBack?: { readonly saved: FieldTypes | 'any'; readonly outputs: FieldTypes | 'any' };
  /** `outputs["KEY"].…` and `saved["KEY"].…`: what the plan writes. */
  readonly byKey?: boolean;
}

export const runFields = { id: 'string', started: 'string' } as const satisfies FieldTypes;
export const endedRunFields = {
  ...runFields,
  outcome: 'string',
  because: 'string',
  failed: 'list',
} as const satisfies FieldTypes;
