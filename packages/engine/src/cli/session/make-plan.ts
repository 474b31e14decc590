import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../../errors/diagnostic.ts';
import { loadCheckExpression } from '../../expressions/load-cel.ts';
import { readPipeline } from '../../load/read-pipeline.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import type { Plan } from '../../plan/plan.ts';
import { builtInPlugins } from '../../builtin/built-in-plugins.ts';
import { loadPlugins } from '../../plugins/load-plugins.ts';
import { rootAround } from '../../util/relpipe-folder.ts';
import type { ValidPipeline } from '../../validate/valid-pipeline.ts';
import { inOrder, validatePipeline } from '../../validate/validate-pipeline.ts';
import { printFindings } from '../output.ts';
import { readWorkTree } from './work-tree.ts';

export interface MadePlan {
  readonly plan: Plan;
  readonly pipeline: ValidPipeline;
  readonly show: CheckedPipeline['show'];
}

/** File and inputs → plan; undefined when something is wrong, and all of it was printed. */
export async function makePlan(file: string, inputs: Readonly<Record<string, string>>): Promise<MadePlan | undefined> {
  // Started first: it takes as long as reading the file.
  const workTree = readWorkTree(dirname(resolve(file)));
  const { pipeline, show } = await checkPipeline(file);
  if (!pipeline) return undefined;
  const root = rootAround(pipeline.folder, process.cwd());
  const built = await buildPlan(pipeline, { inputs, root, ...(await workTree) });
  show(built.ok ? built.warnings : built.diagnostics);
  return built.ok ? { plan: built.plan, pipeline, show } : undefined;
}

interface CheckedPipeline {
  /** Missing when something is wrong; all of it was printed. */
  readonly pipeline?: ValidPipeline;
  /** Prints findings about the same file. */
  readonly show: (findings: readonly Diagnostic[]) => void;
}

/** File → raw → valid; prints everything that is wrong with it on the way. */
export async function checkPipeline(file: string): Promise<CheckedPipeline> {
  const raw = await readPipeline(file);
  const sources = new Map([[raw.file, raw.source]]);
  const show = (findings: readonly Diagnostic[]): void => printFindings(findings, sources);

  const plugins = await loadPlugins(raw, builtInPlugins);
  const validation = validatePipeline(raw, plugins.registry, await loadCheckExpression(raw.source));
  const findings = inOrder([...plugins.diagnostics, ...(validation.ok ? validation.warnings : validation.diagnostics)]);
  show(findings);
  const isValid = validation.ok && plugins.diagnostics.every(({ severity }) => severity !== 'error');
  return { show, ...(isValid && { pipeline: validation.value }) };
}
