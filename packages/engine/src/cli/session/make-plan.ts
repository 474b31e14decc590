import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../../errors/diagnostic.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import { leaveOut, type LeaveOut } from '../../plan/leave-out.ts';
import type { Plan } from '../../plan/plan.ts';
import { packageContent } from '../../plugins/package-content.ts';
import { rootAround } from '../../util/relpipe-folder.ts';
import type { ValidPipeline } from '../../validate/valid-pipeline.ts';
import { withExistingStore } from '../record/open-store.ts';
import { readCi } from '../record/read-ci.ts';
import { readHistory } from '../record/read-history.ts';
import { checkPipeline } from './check-pipeline.ts';
import { readWorkTree } from './work-tree.ts';

/** What the command line says about the inputs of a plan. */
export interface PlanRequest {
  readonly inputs: Readonly<Record<string, string>>;
  readonly environment: string | undefined;
  /** The journal that was named, for defaults that ask for earlier runs. */
  readonly journal: string | undefined;
  readonly leaveOut: LeaveOut;
}

export interface MadePlan {
  readonly plan: Plan;
  readonly pipeline: ValidPipeline;
  /** Prints findings about the pipeline's file. */
  readonly show: (findings: readonly Diagnostic[]) => void;
}

/** File and inputs → plan; undefined when something is wrong, and all of it was printed. */
export async function makePlan(file: string, { inputs, environment, journal, leaveOut: left }: PlanRequest): Promise<MadePlan | undefined> {
  // Started first: it takes as long as reading the file.
  const workTree = readWorkTree(dirname(resolve(file)));
  const { pipeline: whole, show } = await checkPipeline(file);
  if (!whole) return undefined;
  const pipeline = leaveOut(whole, left);
  const { folder, name } = pipeline;
  const ci = readCi(process.env);
  const built = await buildPlan(pipeline, {
    inputs,
    environment,
    until: left.until,
    ...(ci && { ci }),
    history: (asked, count) =>
      withExistingStore({ folder, file: journal }, ({ store }) => readHistory(store, asked, count, { pipeline: name, environment })),
    hasVariable: (variable) => Boolean(process.env[variable]),
    root: rootAround(folder, process.cwd()),
    contentOf: packageContent,
    ...(await workTree),
  });
  show(built.ok ? built.warnings : built.diagnostics);
  return built.ok ? { plan: built.plan, pipeline, show } : undefined;
}
