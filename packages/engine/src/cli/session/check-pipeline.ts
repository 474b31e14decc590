import { dirname, relative, resolve } from 'node:path';
import { builtInPlugins } from '../../builtin/built-in-plugins.ts';
import { diagnose, type Diagnostic } from '../../errors/diagnostic.ts';
import { loadCheckExpression } from '../../expressions/load-cel.ts';
import { includesIn } from '../../load/includes.ts';
import type { RawPipeline } from '../../load/raw-pipeline.ts';
import { readPipeline } from '../../load/read-pipeline.ts';
import { loadPlugins } from '../../plugins/load-plugins.ts';
import type { ValidPipeline } from '../../validate/valid-pipeline.ts';
import { inOrder, validatePipeline } from '../../validate/validate-pipeline.ts';
import { printFindings } from '../output.ts';

interface CheckedPipeline {
  /** Missing when something is wrong; all of it was printed. */
  readonly pipeline?: ValidPipeline;
  /** Prints findings about the file, and about those that it includes. */
  readonly show: (findings: readonly Diagnostic[]) => void;
}

/** File → raw → valid, with every file that its steps include; prints everything that is wrong with them on the way. */
export async function checkPipeline(file: string): Promise<CheckedPipeline> {
  const check: Check = { folder: dirname(resolve(file)), sources: new Map(), findings: [], checked: new Map() };
  const pipeline = await checkFile(await readPipeline(file), [], check);
  const show = (findings: readonly Diagnostic[]): void => printFindings(inOrder(findings, check.sources.keys()), check.sources);
  show(check.findings);
  const isValid = pipeline && check.findings.every(({ severity }) => severity !== 'error');
  return { show, ...(isValid && { pipeline }) };
}

interface Check {
  /** The plugins of every file are looked for in it, so that a run can be resumed with this one folder. */
  readonly folder: string;
  readonly sources: Map<string, string>;
  /** Of the file before those of the files that it includes. */
  readonly findings: Diagnostic[];
  /** A file that several steps include is checked once. */
  readonly checked: Map<string, ValidPipeline | undefined>;
}

/** @param around the files that include this one, from the outermost one */
async function checkFile(raw: RawPipeline, around: readonly string[], check: Check): Promise<ValidPipeline | undefined> {
  check.sources.set(raw.file, raw.source);
  const inner: Check = { ...check, findings: [] };
  const subPipelines = await checkIncluded(raw, [...around, raw.file], inner);
  const plugins = await loadPlugins(raw, builtInPlugins, check.folder);
  const validation = validatePipeline(raw, plugins.registry, await loadCheckExpression(raw.source), subPipelines);
  check.findings.push(...plugins.diagnostics, ...(validation.ok ? validation.warnings : validation.diagnostics), ...inner.findings);
  return validation.ok ? validation.value : undefined;
}

async function checkIncluded(raw: RawPipeline, files: readonly string[], check: Check): Promise<ReadonlyMap<string, ValidPipeline | undefined>> {
  const subPipelines = new Map<string, ValidPipeline | undefined>();
  for (const { written, at, note } of includesIn(raw)) {
    const file = resolve(raw.folder, written);
    const start = files.indexOf(file);
    if (start >= 0) check.findings.push(diagnose('REL_PIPELINE_CYCLE', { files: [...files.slice(start), file].map(shown) }, at));
    else if (!check.checked.has(file)) {
      const ofFile: Check = { ...check, findings: [] };
      check.checked.set(file, await checkFile(await readPipeline(file, { written, at }), files, ofFile));
      check.findings.push(...ofFile.findings.map((found) => (found.at === at ? found : { ...found, related: [...(found.related ?? []), { at, note }] })));
    }
    subPipelines.set(written, start >= 0 ? undefined : check.checked.get(file));
  }
  return subPipelines;
}

const shown = (file: string): string => relative(process.cwd(), file).replaceAll('\\', '/');
