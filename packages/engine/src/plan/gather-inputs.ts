import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { isRelpipeError, relpipeError } from '../errors/relpipe-error.ts';
import { examples } from '../expressions/input-value.ts';
import type { Evaluator } from '../expressions/load-cel.ts';
import type { HistoryEntry } from '../expressions/scope.ts';
import { closestNames } from '../util/closest-names.ts';
import { historiesReadBy } from '../validate/input-defaults.ts';
import { allSteps, type InputDeclaration, pipelinesIn, type ValidPipeline } from '../validate/valid-pipeline.ts';
import { type InputSources, isGiven, type ResolvedInputs, resolveInputs } from './inputs.ts';

/** What the values of the inputs come from. Nothing else of the world reaches a plan through expressions. */
export interface InputOptions {
  /** As written on the command line. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment?: string | undefined;
  /** The CI job in which the plan is made. */
  readonly ci?: InputSources['ci'];
  /**
   * Up to `count` complete runs of a pipeline that are still in effect, the newest first. `asked`: `NAME`, in the same environment, or
   * `NAME/ENVIRONMENT`. Rejects, with the reason, where there is no record to ask.
   */
  readonly history?: (asked: string, count: number) => Promise<readonly HistoryEntry[]>;
}

/** The values of the inputs in the environment that was chosen. */
export async function gatherInputs(pipeline: ValidPipeline, options: InputOptions, evaluator: Evaluator | undefined): Promise<ResolvedInputs> {
  const { environments, inputs } = pipeline;
  const { environment: name, ci } = options;
  const known = Object.keys(environments);
  if (name === undefined && known.length > 0) return refused(diagnose('REL_ENVIRONMENT_MISSING', { known }));
  const values = name !== undefined && Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (name !== undefined && !values) return refused(diagnose('REL_ENVIRONMENT_UNKNOWN', { name, close: closestNames(name, known), known }));
  const chosen = { given: options.inputs, ...(name !== undefined && values && { environment: { name, values } }) };
  const { history, findings } = await askHistories(inputs.filter((input) => !isGiven(input, chosen)), options);
  if (findings.length > 0) return refused(...findings);
  return resolveInputs(inputs, { ...chosen, history, evaluator, ...(ci && { ci }) });
}

const refused = (...findings: readonly Diagnostic[]): ResolvedInputs => ({ values: {}, origins: {}, findings });

/** The record is asked only for the defaults that are needed. */
async function askHistories(inputs: readonly InputDeclaration[], { history: ask = noRecord }: InputOptions) {
  const history: Record<string, readonly HistoryEntry[]> = {};
  const findings: Diagnostic[] = [];
  for (const input of inputs) {
    for (const { asked, count } of historiesReadBy(input.default)) {
      try {
        if ((history[asked]?.length ?? 0) < count) history[asked] = await ask(asked, count);
      } catch (error) {
        if (!isRelpipeError(error)) throw error;
        const details = { input: input.name, example: examples[input.type], history: asked, because: error.message.replace(/\.$/, '') };
        findings.push(diagnose('REL_HISTORY_UNAVAILABLE', details, input.at));
      }
    }
  }
  return { history, findings };
}

/** The same for every file that the steps of a pipeline include, as far as one of them leaves a default to it. */
export async function askHistoriesOfSubPipelines(pipeline: ValidPipeline, options: InputOptions) {
  const byPipeline = new Map<ValidPipeline, Readonly<Record<string, readonly HistoryEntry[]>>>();
  const all: Diagnostic[] = [];
  for (const one of new Set(pipelinesIn(pipeline))) {
    for (const { action } of allSteps(one)) {
      if (action.kind !== 'pipeline') continue;
      const left = action.pipeline.inputs.filter(({ name }) => !Object.hasOwn(action.with, name));
      const { history, findings } = await askHistories(left, options);
      byPipeline.set(action.pipeline, { ...byPipeline.get(action.pipeline), ...history });
      all.push(...findings);
    }
  }
  return { byPipeline, findings: all };
}

const noRecord = (): Promise<never> => Promise.reject(relpipeError('REL_NO_RUNS', { journal: 'this plan, which was made without a journal' }));
