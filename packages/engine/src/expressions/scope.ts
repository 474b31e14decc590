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

/** What an expression may name, and what it is. A step of a matrix gives a list of its cells' outputs, each with its `matrix`. */
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
  /** By step id; only those that have settled. `outputs` is missing for a skipped step. */
  readonly steps: Readonly<Record<string, Json>>;
  /** By step key, for what composites hand from child to child. */
  readonly outputs: Readonly<Record<string, Json>>;
  /** By step key: what a step saved before its effect, for what undoes it. */
  readonly saved?: Readonly<Record<string, Json>>;
  readonly matrix?: Readonly<Record<string, Json>>;
  readonly run?: RunScope;
}
