import type { Diagnostic } from '../errors/diagnostic.ts';
import type { CheckExpression } from '../expressions/load-cel.ts';
import type { RawPipeline } from '../load/raw-pipeline.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { readPipelineDeclaration } from './read/read-pipeline-declaration.ts';
import { ValidationContext } from './validation-context.ts';
import { rules } from './rules/rules.ts';
import type { SubPipelines, ValidPipeline } from './valid-pipeline.ts';

export type Validation =
  | { readonly ok: true; readonly value: ValidPipeline; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Checks a pipeline file against every rule of the language, and returns all findings at once, in the order of the file. The files that its
 * steps include were checked before.
 */
export function validatePipeline(
  raw: RawPipeline,
  registry: PluginRegistry,
  checkExpression: CheckExpression,
  subPipelines: SubPipelines = new Map(),
): Validation {
  if (!raw.root) return { ok: false, diagnostics: raw.findings };
  const context = new ValidationContext(raw, registry, checkExpression, subPipelines);
  const declaration = readPipelineDeclaration(raw.root, context);
  for (const rule of rules) rule(declaration, context);
  const misread = new Set(raw.findings.map(placeKey));
  const otherKind = new Set(context.diagnostics.filter(({ code }) => code === 'REL_VALUE_UNEXPECTED').map(placeKey));
  const isOwnMistake = (found: Diagnostic): boolean =>
    !followsFromUnread(found, raw) &&
    !misread.has(placeKey(found)) &&
    !(found.code === 'REL_KEY_MISSING' && otherKind.has(placeKey(found)));
  const diagnostics = inOrder([...raw.findings, ...context.diagnostics.filter(isOwnMistake)]);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics };
  return { ok: true, value: declaration as ValidPipeline, warnings: diagnostics };
}

/** A value that YAML has misread is the one mistake at its place; a value that is not a mapping has no missing keys. */
const placeKey = ({ at }: Diagnostic): string | undefined => at && `${at.line}:${at.column}`;

/**
 * Findings in the order of their files, and in each in the order of the file; the same finding at the same place only once.
 * @param order of the files that come first
 */
export function inOrder(diagnostics: readonly Diagnostic[], order: Iterable<string> = []): readonly Diagnostic[] {
  const unique = new Map(diagnostics.map((found) => [`${fileOf(found)}:${lineOf(found)}:${columnOf(found)} ${found.code} ${found.message}`, found]));
  const files = [...new Set(['', ...order, ...[...unique.values()].map(fileOf)])];
  const fileIndex = (found: Diagnostic): number => files.indexOf(fileOf(found));
  return [...unique.values()].sort((a, b) => fileIndex(a) - fileIndex(b) || lineOf(a) - lineOf(b) || columnOf(a) - columnOf(b));
}

const fileOf = ({ at }: Diagnostic): string => at?.file ?? '';
const lineOf = ({ at }: Diagnostic): number => at?.line ?? 0;
const columnOf = ({ at }: Diagnostic): number => at?.column ?? 0;

/** Whether a finding may only follow from lines that could not be read: it is on one, or misses something that may be on one. */
function followsFromUnread({ code, at }: Diagnostic, { source, unread }: RawPipeline): boolean {
  if (!unread || !at) return false;
  if (unread.has(at.line) || aboutOthers.has(code)) return true;
  if (!aboutNames.has(code)) return false;
  const lines = source.split('\n');
  const written = lines[at.line - 1]?.slice(at.column - 1, at.column - 1 + at.length) ?? '';
  const name = (code === 'REL_PLUGIN_NOT_DECLARED' ? /[\w-]+/ : /[\w-]+(?=\W*$)/).exec(written)?.[0] ?? '';
  return [...unread].some((line) => lines[line - 1]?.match(/[\w-]+/g)?.some((word) => isNamedBy(word, name)) === true);
}

/** `@relpipe/plugin-docker` provides the types that start with `docker`. */
const isNamedBy = (word: string, name: string): boolean => word === name || word.endsWith(`-${name}`);

/** Findings about a name whose declaration may be on an unread line. */
const aboutNames: ReadonlySet<string> = new Set(['REL_NAME_UNKNOWN', 'REL_PLUGIN_NOT_DECLARED']);

/** Findings that depend on other parts of the file. */
const aboutOthers: ReadonlySet<string> = new Set([
  'REL_NAME_NOT_AVAILABLE',
  'REL_OPTION_UNKNOWN',
  'REL_OUTPUT_NOT_AVAILABLE',
  'REL_NEEDS_OTHER_STAGE',
  'REL_KEY_MISPLACED',
  'REL_APPROVERS_TOO_FEW',
  'REL_METRIC_UNIT_MISSING',
]);
