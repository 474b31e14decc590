import type { Diagnostic } from '../../errors/diagnostic.ts';
import { loadCheckExpression } from '../../expressions/load-cel.ts';
import { readPipeline } from '../../load/read-pipeline.ts';
import { builtInPlugins } from '../../builtin/built-in-plugins.ts';
import { loadPlugins } from '../../plugins/load-plugins.ts';
import type { ValidPipeline } from '../../validate/valid-pipeline.ts';
import { inOrder, validatePipeline } from '../../validate/validate-pipeline.ts';
import { printFindings } from '../output.ts';

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
