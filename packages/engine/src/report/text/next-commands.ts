import type { StepKey } from '../../plan/plan.ts';

/** The commands a report tells people to type, in one place so that they stay true. */
export const nextCommands = {
  approve: (run: string, step: StepKey): string => `relpipe approve ${word(run)} ${word(step)}`,
  reject: (run: string, step: StepKey): string => `relpipe reject ${word(run)} ${word(step)}`,
  settle: (run: string, step: StepKey, answer: 'happened' | 'did-not-happen' | 'done' | 'cannot-be-done'): string =>
    `relpipe settle ${word(run)} ${word(step)} --${answer}`,
  continue: (run: string): string => `relpipe continue ${word(run)} --reason "…"`,
  abort: (run: string): string => `relpipe abort ${word(run)} --reason "…"`,
  resume: (run: string): string => `relpipe resume ${word(run)}`,
  report: (run: string): string => `relpipe report ${word(run)}`,
  logs: (run: string, step: StepKey): string => `relpipe logs ${word(run)} ${word(step)}`,
};

/** Quoted for a shell where it has to be. */
const word = (text: string): string => (/^[\w./@:+=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);
