import type { FieldTypes, ScopeTypes } from './scope.ts';

/** What an expression may name at its place in the file: beyond `ScopeTypes`, what exists only in some places. */
export interface NameTypes extends ScopeTypes {
  /** The options of inputs that are a choice. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** `matrix.…`: inside a step with a matrix. `any`: whatever the step's own matrix has. */
  readonly matrix?: FieldTypes | 'any';
  /** `run.…`: `started` has `id` and `started`; `ended` also `outcome`, `because` and `failed`. Default `started`. */
  readonly run?: 'started' | 'ended';
  /** `saved.…` and `outputs.…` of the step that is undone: inside `rollback:`. */
  readonly undone?: { readonly saved: FieldTypes | 'any'; readonly outputs: FieldTypes | 'any' };
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
