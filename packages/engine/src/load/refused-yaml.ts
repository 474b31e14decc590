import { type Alias, type Document, isAlias, isMap, isPair, isScalar, type Node, type Pair, type Scalar } from 'yaml';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { nodesOf } from './nodes-of.ts';
import type { SourceMap } from './source-map.ts';

/** Aliases without an anchor, inside their own anchor, or expanding without bound. */
export function findAliasProblems(document: Document, map: SourceMap, maxAliasCount: number): Diagnostic[] {
  const aliases = aliasesOf(document);
  const wrong = aliases.flatMap(({ alias, target }) => {
    const name = alias.source;
    if (target === 'before') return [];
    return [diagnose(target === 'none' ? 'REL_YAML_ALIAS_UNKNOWN' : 'REL_YAML_ALIAS_CYCLE', { name }, placeOf(alias, map))];
  });
  const [first] = aliases;
  if (wrong.length > 0 || !first || !multiplies(document, maxAliasCount)) return wrong;
  return [diagnose('REL_YAML_ALIAS_BOMB', {}, placeOf(first.alias, map))];
}

interface FoundAlias {
  readonly alias: Alias;
  readonly target: 'before' | 'none' | 'around';
}

function aliasesOf(document: Document): FoundAlias[] {
  const aliases: FoundAlias[] = [];
  const anchors = new Map<string, Node>();
  for (const node of nodesOf(document)) {
    if (isAlias(node)) {
      const anchored = anchors.get(node.source);
      const target = anchored === undefined ? 'none' : contains(anchored, node) ? 'around' : 'before';
      aliases.push({ alias: node, target });
    } else if (!isPair(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
  }
  return aliases;
}

/** By their places: an anchored node ends after everything in it. */
const contains = ({ range: around }: Node, { range: within }: Node): boolean =>
  around !== undefined && around !== null && within !== undefined && within !== null && around[0] <= within[0] && within[1] <= around[1];

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

/**
 * Parts of YAML that a pipeline does not use: tags, which silently change a string (`when: ! x` is `x`), and merge keys, which are not
 * YAML 1.2.
 */
export function findUnusedYaml(document: Document, source: string, map: SourceMap): Diagnostic[] {
  const findings: Diagnostic[] = [];
  for (const node of nodesOf(document)) {
    if (isPair(node)) {
      const { key } = node;
      if (!isScalar(key) || key.value !== '<<' || key.type !== 'PLAIN' || !key.range) continue;
      findings.push(diagnose('REL_YAML_MERGE_KEY', {}, map.place(key.range[0], key.range[1])));
    } else if (node.tag !== undefined && node.range) {
      const from = source.lastIndexOf('!', node.range[0] - 1);
      if (from !== -1) findings.push(tagFinding(source, from, map));
    }
  }
  return findings;
}

/** `!name`, `!!str`, or a lone `!`. */
function tagFinding(source: string, lastMark: number, map: SourceMap): Diagnostic {
  const from = source[lastMark - 1] === '!' ? lastMark - 1 : lastMark;
  const tag = /^[^\s,\]}]+/.exec(source.slice(from))?.[0] ?? '!';
  return diagnose('REL_YAML_TAG_UNSUPPORTED', { tag }, map.place(from, from + tag.length));
}

/**
 * Unquoted times of day such as 22:00: a string in YAML 1.2, and for the many tools that still read YAML 1.1 a number with the base 60. The
 * same file must not mean two things.
 */
export function findTimesOfDay(document: Document, map: SourceMap): Diagnostic[] {
  const findings: Diagnostic[] = [];
  for (const { type, source, range } of nodesOf(document).filter(isScalar)) {
    if (type !== 'PLAIN' || source === undefined || !range || !base60.test(source)) continue;
    findings.push(diagnose('REL_YAML_TIME_UNQUOTED', { written: source }, map.place(range[0], range[1])));
  }
  return findings;
}

const base60 = /^[-+]?\d+(:[0-5]?\d)+$/;

/**
 * Unquoted numbers that are printed differently from how they are written: 3.10 becomes 3.1, 010 becomes 10, 1e3 becomes 1000.
 * In a version or a name the difference is a bug that nobody notices.
 */
export function findRewrittenScalars(document: Document, map: SourceMap): Diagnostic[] {
  const findings: Diagnostic[] = [];
  for (const { type, value, source, range } of nodesOf(document).filter(isScalar)) {
    if (type !== 'PLAIN' || typeof value !== 'number' || source === undefined || !range) continue;
    const read = String(value);
    if (read !== source) findings.push(diagnose('REL_YAML_VALUE_REWRITTEN', { written: source, read }, map.place(range[0], range[1])));
  }
  return findings;
}

/** A key that occurs again in the same mapping. */
export interface DuplicateKey {
  readonly key: string;
  readonly first: Pair;
  /** The one before this one, whose value it hides. */
  readonly previous: Pair;
  readonly again: Scalar;
}

export function duplicateKeysIn(document: Document): readonly DuplicateKey[] {
  const duplicates: DuplicateKey[] = [];
  for (const { items } of nodesOf(document).filter(isMap)) {
    const seen = new Map<string, { readonly first: Pair; last: Pair }>();
    for (const pair of items) {
      if (!isScalar(pair.key)) continue;
      const key = String(pair.key.value);
      const before = seen.get(key);
      if (before) duplicates.push({ key, first: before.first, previous: before.last, again: pair.key });
      seen.set(key, { first: before?.first ?? pair, last: pair });
    }
  }
  return duplicates;
}

export function duplicateKeyFinding({ key, first, again }: DuplicateKey, map: SourceMap): Diagnostic {
  const placeOf = ({ range }: Scalar) => map.place(range?.[0] ?? 0, range?.[1] ?? 1);
  const related = isScalar(first.key) ? [{ at: placeOf(first.key), note: 'first written here' }] : [];
  return diagnose('REL_YAML_DUPLICATE_KEY', { key }, placeOf(again), related);
}
