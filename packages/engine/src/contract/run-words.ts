export type { Mode } from '../model/mode.ts';
export type { Outcome, StepEnd } from '../model/outcome.ts';
export type { Verdict } from '../model/verdict.ts';

/** Which function of a step type is called. `confirm` and `instruct`: of an assisted rollback, is it done, and what has to be done. */
export type TaskVerb = 'run' | 'probe' | 'rollback' | 'confirm' | 'instruct' | 'teardown';
