import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../../errors/diagnostic.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import type { Plan } from '../../plan/plan.ts';
import { packageContent } from '../../plugins/package-content.ts';
import { rootAround } from '../../util/relpipe-folder.ts';
import type { ValidPipeline } from '../../validate/valid-pipeline.ts';
import { checkPipeline } from './check-pipeline.ts';
import { readWorkTree } from './work-tree.ts';

export interface MadePlan {
  readonly plan: Plan;
  readonly pipeline: ValidPipeline;
  /** Prints findings about the pipeline's file. */
  readonly show: (findings: readonly Diagnostic[]) => void;
}

/** File and inputs → plan; undefined when something is wrong, and all of it was printed. */
export async function makePlan(file: string, inputs: Readonly<Record<string, string>>): Promise<MadePlan | undefined> {
  // Started first: it takes as long as reading the file.
  const workTree = readWorkTree(dirname(resolve(file)));
  const { pipeline, show } = await checkPipeline(file);
  if (!pipeline) return undefined;
  const root = rootAround(pipeline.folder, process.cwd());
  const built = await buildPlan(pipeline, { inputs, root, contentOf: packageContent, ...(await workTree) });
  show(built.ok ? built.warnings : built.diagnostics);
  return built.ok ? { plan: built.plan, pipeline, show } : undefined;
}
