export type { Direction } from '../model/mode.ts';
export type { Outcome, StepEnd } from '../model/outcome.ts';
export type { Verdict } from '../model/verdict.ts';

/** Which function of a step type works: `undo` is its `rollback`; `confirm` and `instruct`: of an assisted undo, is it done, and what has to be done. */
export type TaskVerb = 'run' | 'probe' | 'undo' | 'confirm' | 'instruct' | 'release';
