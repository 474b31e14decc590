import { dirname, resolve } from 'node:path';
import { buildPlan } from '../plan/build-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { ValidPipeline } from '../validate/valid-pipeline.ts';
import { relpipeError } from '../errors/relpipe-error.ts';
import { rootAround } from '../run/local/journal/journal-place.ts';
import { checkPipeline, type CheckedPipeline } from './check-pipeline.ts';
import { readWorkTree } from './read-work-tree.ts';

export interface MadePlan {
  readonly plan: Plan;
  readonly pipeline: ValidPipeline;
  readonly show: CheckedPipeline['show'];
}

/** File and inputs → plan; undefined when something is wrong, and everything was said then. */
export async function makePlan(file: string, inputs: readonly string[]): Promise<MadePlan | undefined> {
  // Begun first: it takes as long as reading the file.
  const asked = readWorkTree(dirname(resolve(file)));
  const { pipeline, show } = await checkPipeline(file);
  if (!pipeline) return undefined;
  const root = rootAround(pipeline.folder, process.cwd());
  const built = await buildPlan(pipeline, { inputs: readInputs(inputs), root, ...(await asked) });
  show(built.ok ? built.warnings : built.diagnostics);
  return built.ok ? { plan: built.plan, pipeline, show } : undefined;
}

/** `name=value`, as given on the command line. */
export function readInputs(given: readonly string[]): Record<string, string> {
  const inputs: Record<string, string> = {};
  for (const text of given) {
    const sign = text.indexOf('=');
    if (sign < 1) throw relpipeError('REL_USAGE', { because: `"${text}" is not of the form name=value.`, command: 'run' });
    const name = text.slice(0, sign);
    if (Object.hasOwn(inputs, name)) throw relpipeError('REL_USAGE', { because: `The input "${name}" is given twice.`, command: 'run' });
    inputs[name] = text.slice(sign + 1);
  }
  return inputs;
}
