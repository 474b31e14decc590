import type { Json } from '../contract/index.ts';
import type { ScopeTypes, TypeName } from '../expressions/scope.ts';
import type { Value } from '../expressions/value.ts';

/** The source of the value of `steps.ID.outputs`. */
export type Named =
  | { readonly kind: 'step'; readonly step: string }
  | { readonly kind: 'composite'; readonly group: string; readonly outputs: Readonly<Record<string, Value>> }
  /** Its outputs are among those of the plan's sub-pipelines. */
  | { readonly kind: 'pipeline'; readonly group: string }
  | { readonly kind: 'matrix'; readonly cells: readonly { readonly matrix: Readonly<Record<string, Json>>; readonly named: Named }[] };

/** The value of an input of a sub-pipeline that only the run knows, and what it must be. */
export interface LaterInput {
  readonly name: string;
  readonly type: TypeName;
  /** An expression over the names around the sub-pipeline. */
  readonly value: Value;
  readonly min?: Json;
  readonly max?: Json;
  readonly options?: readonly string[];
  readonly pattern?: string;
}

/** A sub-pipeline of a plan: what the expressions in it can read. */
export interface PlanPipeline {
  /** Relative to the root of the repository, as that of the plan. */
  readonly file: string;
  /** Its folder, relative to that of the plan's file: its commands start there. Missing: the same. */
  readonly folder?: string;
  /** SHA-256 of its text. */
  readonly content: string;
  /** As those of the plan. */
  readonly inputs: Readonly<Record<string, Json>>;
  readonly environment?: string;
  /** The names in its file of the secrets that have a value. Missing: there are none. */
  readonly secrets?: readonly string[];
  /** Missing: all are known before the run. */
  readonly laterInputs?: readonly LaterInput[];
  readonly types: ScopeTypes;
  readonly named: Readonly<Record<string, Named>>;
  readonly outputs: Readonly<Record<string, Value>>;
}
