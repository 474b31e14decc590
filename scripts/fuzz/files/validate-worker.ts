import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtInPlugins } from '../../../packages/engine/src/builtin/built-in-plugins.ts';
import type { Diagnostic } from '../../../packages/engine/src/errors/diagnostic.ts';
import { printDiagnostics } from '../../../packages/engine/src/errors/print-diagnostics.ts';
import { loadCheckExpression } from '../../../packages/engine/src/expressions/load-cel.ts';
import { readPipeline } from '../../../packages/engine/src/load/read-pipeline.ts';
import { loadPlugins } from '../../../packages/engine/src/plugins/load-plugins.ts';
import { inOrder, validatePipeline } from '../../../packages/engine/src/validate/validate-pipeline.ts';

/** What the parent asks: the bytes of a file. */
export interface FileTask {
  readonly n: number;
  readonly bytes: Uint8Array;
}

export interface FileSetup {
  /** For the files; plugins are installed in it. */
  readonly folder: string;
}

export interface FileAnswer {
  readonly isValid: boolean;
  readonly userMs: number;
  /** A stack, where validation threw. */
  readonly crash?: string;
  /** Findings without a place, or with one that is not in the file. */
  readonly withoutPlace: readonly string[];
}

/** In the folder of all workers. */
let file = '';

/** As `relpipe validate` does it. */
async function validate(): Promise<{ readonly isValid: boolean; readonly findings: readonly Diagnostic[] }> {
  const raw = await readPipeline(file);
  const plugins = await loadPlugins(raw, builtInPlugins);
  const validation = validatePipeline(raw, plugins.registry, await loadCheckExpression(raw.source));
  const findings = inOrder([...plugins.diagnostics, ...(validation.ok ? validation.warnings : validation.diagnostics)]);
  printDiagnostics(findings, new Map([[raw.file, raw.source]]), { color: true });
  return { isValid: findings.every(({ severity }) => severity !== 'error'), findings };
}

async function answer({ bytes }: FileTask): Promise<FileAnswer> {
  writeFileSync(file, bytes);
  const before = process.cpuUsage();
  try {
    const { isValid, findings } = await validate();
    const userMs = process.cpuUsage(before).user / 1000;
    const lines = Buffer.from(bytes).toString().split('\n');
    return { isValid, userMs, withoutPlace: findings.filter((finding) => !hasPlace(finding, lines)).map(({ code, at }) => `${code} ${JSON.stringify(at)}`) };
  } catch (error) {
    return { isValid: false, userMs: 0, crash: error instanceof Error ? (error.stack ?? error.message) : String(error), withoutPlace: [] };
  }
}

const hasPlace = ({ at }: Diagnostic, lines: readonly string[]): boolean => {
  const line = at && lines[at.line - 1];
  return at?.file === file && line !== undefined && at.column >= 1 && at.column <= line.length + 1;
};

process.once('message', ({ folder }: FileSetup) => {
  file = join(folder, `${String(process.pid)}.pipeline.yaml`);
  process.on('message', (task: FileTask) => void answer(task).then((answered) => process.send?.(answered)));
  process.send?.('ready');
});
// The parent has ended.
process.on('disconnect', () => process.exit());
