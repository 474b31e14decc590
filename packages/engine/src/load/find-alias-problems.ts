import { visit, type Alias, type Document } from 'yaml';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { diagnose } from '../errors/diagnose.ts';
import type { SourceMap } from './source-map.ts';

/** References to nothing, and references that multiply without bound. */
export function findAliasProblems(document: Document, map: SourceMap, maxAliasCount: number): Diagnostic[] {
  const aliases = aliasesOf(document);
  const unknown = aliases.filter((alias) => alias.resolve(document) === undefined);
  if (unknown.length > 0) {
    return unknown.map((alias) => diagnose('REL_YAML_ALIAS_UNKNOWN', { name: alias.source }, placeOf(alias, map)));
  }
  const [first] = aliases;
  if (!first || !multiplies(document, maxAliasCount)) return [];
  return [diagnose('REL_YAML_ALIAS_BOMB', {}, placeOf(first, map))];
}

function aliasesOf(document: Document): Alias[] {
  const aliases: Alias[] = [];
  visit(document, { Alias: (_, alias) => void aliases.push(alias) });
  return aliases;
}

function multiplies(document: Document, maxAliasCount: number): boolean {
  try {
    document.toJS({ maxAliasCount });
    return false;
  } catch (error) {
    if (error instanceof ReferenceError) return true;
    throw error;
  }
}

function placeOf(alias: Alias, map: SourceMap) {
  const [from, to] = alias.range ?? [0, 1];
  return map.place(from, to);
}
