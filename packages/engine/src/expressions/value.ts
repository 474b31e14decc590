import type { Json } from '../contract/index.ts';

/** A CEL expression that is evaluated when the run gets there. */
export interface Expression {
  readonly $expr: string;
  /** Step ids (`steps.ID`) and step keys (`outputs["KEY"]`) that it reads. */
  readonly reads: readonly string[];
}

/** Text with expressions inside; its parts are printed canonically and joined. */
export interface Template {
  readonly $text: readonly (string | Expression)[];
}

/** The name of a secret; the worker puts the value in. */
export interface SecretReference {
  readonly $secret: string;
}

/** Configuration as the plan holds it. */
export type Value =
  | Json
  | Expression
  | Template
  | SecretReference
  | readonly Value[]
  | { readonly [name: string]: Value };

const has = (value: Value, name: string): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && name in value;

export const isExpression = (value: Value): value is Expression => has(value, '$expr');
export const isTemplate = (value: Value): value is Template => has(value, '$text');
export const isSecretReference = (value: Value): value is SecretReference => has(value, '$secret');

/** Whether a value is known only when the run gets there. */
export const isUnknown = (value: unknown): value is Expression | Template =>
  isExpression(value as Value) || isTemplate(value as Value);

/** Whether a value or something inside it is known only when the run gets there. */
export function holdsUnknown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isUnknown(value) || Object.values(value).some(holdsUnknown);
}
