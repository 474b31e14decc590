import type { Diagnostic } from '../errors/diagnostic.ts';
import type { CheckExpression } from '../expressions/load-cel.ts';
import type { RawPipeline } from '../load/raw-pipeline.ts';
import type { PluginRegistry } from '../plugins/registry.ts';
import { followsFromUnread } from './follows-from-unread.ts';
import { inOrder } from './in-order.ts';
import { readPipelineDeclaration } from './read/read-pipeline-declaration.ts';
import { Reading } from './reading.ts';
import { rules } from './rules/rules.ts';
import type { ValidPipeline } from './valid-pipeline.ts';

export type Validation =
  | { readonly ok: true; readonly value: ValidPipeline; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Measures a pipeline file by every rule of the language, and gives all findings at once, in the order of the file. */
export function validatePipeline(raw: RawPipeline, registry: PluginRegistry, checkExpression: CheckExpression): Validation {
  if (!raw.root) return { ok: false, diagnostics: raw.findings };
  const reading = new Reading(raw, registry, checkExpression);
  const declaration = readPipelineDeclaration(raw.root, reading);
  for (const rule of rules) rule(declaration, reading);
  const misread = new Set(raw.findings.map(placeKey));
  const otherKind = new Set(reading.diagnostics.filter(({ code }) => code === 'REL_VALUE_UNEXPECTED').map(placeKey));
  const isOwnMistake = (found: Diagnostic): boolean =>
    !followsFromUnread(found, raw) && !misread.has(placeKey(found)) && !(found.code === 'REL_KEY_MISSING' && otherKind.has(placeKey(found)));
  const diagnostics = inOrder([...raw.findings, ...reading.diagnostics.filter(isOwnMistake)]);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics };
  return { ok: true, value: declaration as ValidPipeline, warnings: diagnostics };
}

/** What YAML has misread is the one mistake at its place; what is no mapping lacks no keys. */
const placeKey = ({ at }: Diagnostic): string | undefined => at && `${at.line}:${at.column}`;

export { inOrder };
