import { isNode, visit, type Alias, type Document, type Node } from 'yaml';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { diagnose } from '../errors/diagnose.ts';
import type { SourceMap } from './source-map.ts';

/** References to nothing, to what is around them, and references that multiply without bound. */
export function findAliasProblems(document: Document, map: SourceMap, maxAliasCount: number): Diagnostic[] {
  const aliases = aliasesOf(document);
  const wrong = aliases.flatMap(({ alias, leads }) => {
    const name = alias.source;
    if (leads === 'somewhere') return [];
    return [diagnose(leads === 'nowhere' ? 'REL_YAML_ALIAS_UNKNOWN' : 'REL_YAML_ALIAS_CYCLE', { name }, placeOf(alias, map))];
  });
  const [first] = aliases;
  if (wrong.length > 0 || !first || !multiplies(document, maxAliasCount)) return wrong;
  return [diagnose('REL_YAML_ALIAS_BOMB', {}, placeOf(first.alias, map))];
}

interface FoundAlias {
  readonly alias: Alias;
  readonly leads: 'somewhere' | 'nowhere' | 'into-itself';
}

function aliasesOf(document: Document): FoundAlias[] {
  const aliases: FoundAlias[] = [];
  const anchors = new Map<string, Node>();
  visit(document, {
    Alias: (_, alias, path) => {
      const target = anchors.get(alias.source);
      const leads = target === undefined ? 'nowhere' : path.some((around) => around === target) ? 'into-itself' : 'somewhere';
      aliases.push({ alias, leads });
    },
    Value: (_, node) => {
      if (isNode(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
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
