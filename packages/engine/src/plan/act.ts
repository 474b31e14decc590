import type { Expression, Value } from '../expressions/value.ts';
import type { Ms } from '../model/ms.ts';

/** What a step does. */
export type Act =
  | {
      readonly act: 'task';
      readonly uses: string;
      readonly with: Value;
      readonly attemptTimeoutMs: Ms;
      /** The fields of a saved state that say what the step has changed. */
      readonly target?: readonly string[];
    }
  | { readonly act: 'hold'; readonly for: Value; readonly atEnd: 'wait' | 'pause' | 'fail' }
  | { readonly act: 'gate' }
  | {
      readonly act: 'approval';
      readonly ask: Value;
      /** A number, `all`, or an expression that returns one of them. */
      readonly quorum: Value;
      /** The people who are asked; empty: anybody. */
      readonly of: PlanPeople;
      /** People who may not answer. */
      readonly except?: PlanPeople;
      /** People who may answer on behalf of one who is asked. */
      readonly delegates?: PlanPeople;
      /** A checklist. */
      readonly items?: readonly Value[];
      /** Silence is consent. Missing: it rejects. */
      readonly atTimeout?: 'approve';
    }
  | { readonly act: 'assert'; readonly condition: Expression; readonly message?: Value };

/** People by name, groups whose members are looked up when a question is asked, and expressions that return names. */
export type PlanPeople = readonly (string | { readonly group: string } | { readonly names: Value })[];
