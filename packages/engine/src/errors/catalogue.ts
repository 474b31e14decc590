import { commandTexts } from './texts/command-texts.ts';
import { coreTexts } from './texts/core-texts.ts';
import { expressionTexts } from './texts/expression-texts.ts';
import { metricTexts } from './texts/metric-texts.ts';
import { pipelineTexts } from './texts/pipeline-texts.ts';
import { pluginTexts } from './texts/plugin-texts.ts';
import { runTexts } from './texts/run-texts.ts';

/** What an error says: one sentence about what is wrong, and the next thing to do. */
export interface ErrorText {
  readonly message: string;
  readonly hint?: string;
}

/** Every error of the engine: its code, and what it says for the values at hand. `docs/errors.md` explains each. */
export const errorTexts = {
  ...pipelineTexts,
  ...expressionTexts,
  ...pluginTexts,
  ...runTexts,
  ...coreTexts,
  ...commandTexts,
  ...metricTexts,
};

export type ErrorCode = keyof typeof errorTexts;
/** The values an error speaks of; `{}` for one that always says the same. */
export type ErrorDetails<C extends ErrorCode> =
  Parameters<(typeof errorTexts)[C]> extends [infer Details] ? Details : Readonly<Record<string, never>> | undefined;
