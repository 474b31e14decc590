import { commandTexts } from './texts/command-texts.ts';
import { expressionTexts } from './texts/expression-texts.ts';
import { journalTexts } from './texts/journal-texts.ts';
import { pipelineTexts } from './texts/pipeline-texts.ts';
import { planTexts } from './texts/plan-texts.ts';
import { pluginTexts } from './texts/plugin-texts.ts';
import { runTexts } from './texts/run-texts.ts';
import { structureTexts } from './texts/structure-texts.ts';
import { yamlTexts } from './texts/yaml-texts.ts';

/** The text of an error: one sentence about what is wrong, and the next thing to do. */
export interface ErrorText {
  readonly message: string;
  readonly hint?: string;
}

/** Every error of the engine: its code, and what it says for the values at hand. `docs/errors.md` explains each. */
export const errorTexts = {
  ...yamlTexts, // The file as YAML, before anything in it has a meaning.
  ...structureTexts, // One key or its value, whatever the others are.
  ...pipelineTexts, // What several keys say together: ids, needs, limits.
  ...expressionTexts, // Expressions, templates and quantities.
  ...planTexts, // With the inputs of a run: their values, matrices, composites.
  ...pluginTexts, // Where plugins come from, and what they are made of.
  ...runTexts, // Steps and gates of a run.
  ...journalTexts, // The record of runs: its file, and the lease of each run.
  ...commandTexts, // The command line.
};

export type ErrorCode = keyof typeof errorTexts;
/** The values an error speaks of; `{}` for one that always says the same. */
export type ErrorDetails<C extends ErrorCode> =
  Parameters<(typeof errorTexts)[C]> extends [infer Details] ? Details : Readonly<Record<string, never>> | undefined;

/** The text of a code for the given values. */
export function errorText<C extends ErrorCode>(code: C, details: ErrorDetails<C>): ErrorText {
  return (errorTexts[code] as (p: ErrorDetails<C>) => ErrorText)(details);
}
