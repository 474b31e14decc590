import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../../errors/diagnostic.ts';
import { relpipeError } from '../../errors/relpipe-error.ts';
import { loadCheckExpression } from '../../expressions/load-cel.ts';
import { readPipeline } from '../../load/read-pipeline.ts';
import { buildPlan } from '../../plan/build-plan.ts';
import type { Plan } from '../../plan/plan.ts';
import { builtInPlugins } from '../../builtin/built-in-plugins.ts';
import { loadPlugins } from '../../plugins/load-plugins.ts';
import { rootAround } from '../../run/local/journal/journal-place.ts';
import type { ValidPipeline } from '../../validate/valid-pipeline.ts';
import { inOrder, validatePipeline } from '../../validate/validate-pipeline.ts';
import { showFindings } from '../output.ts';
import { readWorkTree } from './work-tree.ts';

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

export interface CheckedPipeline {
  /** Missing when something is wrong; everything was said then. */
  readonly pipeline?: ValidPipeline;
  /** Shows findings about the same file. */
  readonly show: (findings: readonly Diagnostic[]) => void;
}

/** File → raw → valid, saying everything that is wrong with it on the way. */
export async function checkPipeline(file: string): Promise<CheckedPipeline> {
  const raw = await readPipeline(file);
  const sources = new Map([[raw.file, raw.source]]);
  const show = (findings: readonly Diagnostic[]): void => showFindings(findings, sources);

  const plugins = await loadPlugins(raw, builtInPlugins);
  const validation = validatePipeline(raw, plugins.registry, await loadCheckExpression(raw.source));
  const findings = inOrder([...plugins.diagnostics, ...(validation.ok ? validation.warnings : validation.diagnostics)]);
  show(findings);
  const isValid = validation.ok && plugins.diagnostics.every(({ severity }) => severity !== 'error');
  return { show, ...(isValid && { pipeline: validation.value }) };
}
