import type { Json, Outcome } from '../../contract/index.ts';
import type { Scope } from '../../expressions/scope.ts';
import type { Wait } from '../runtime.ts';
import type { FactBody } from './fact.ts';

/** What is to be done now: recorded as a fact before it acts. */
export type Begun = Extract<FactBody, { fact: 'begun' }>;

/** Nothing is left to decide. `frozen` is no outcome: finally has not run, and a person can go on. */
export type Rest =
  | { readonly rest: 'over'; readonly outcome: Outcome }
  | { readonly rest: 'frozen'; readonly because: string }
  | { readonly rest: 'wait'; readonly wait: Wait };

export type Decision = Begun | Rest;

/** Evaluates a CEL expression over canonical JSON; pure. Throws with a message for the reader. */
export type Evaluate = (source: string, scope: Scope) => Json;
