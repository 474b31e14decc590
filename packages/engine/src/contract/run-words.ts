export type { Mode } from '../model/mode.ts';
export type { Outcome, StepEnd } from '../model/outcome.ts';
export type { Verdict } from '../model/verdict.ts';

/** The function of a step type that is called. `instruct` and `confirm` belong to a rollback that a person does. */
export type TaskVerb = 'run' | 'probe' | 'rollback' | 'confirm' | 'instruct' | 'teardown';
