import { dirname } from 'node:path';
import { isCollection, isMap, LineCounter, parseAllDocuments, Scalar, visit, type Document } from 'yaml';
import type { Json } from '../contract/index.ts';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { diagnose } from '../errors/diagnose.ts';
import { findAliasProblems } from './find-alias-problems.ts';
import { findRewrittenScalars } from './find-rewritten-scalars.ts';
import { findUnusedYaml } from './find-unused-yaml.ts';
import type { RawMapping, RawPipeline } from './raw-pipeline.ts';
import { SourceMap } from './source-map.ts';
import { translateYamlErrors } from './translate-yaml-errors.ts';
import { withoutBrokenLines } from './without-broken-lines.ts';

/** The whole tree may be copied by references at most so often: more is an attack or a mistake. */
const maxAliasCount = 100;

/** Parses the text of a pipeline file. Pure; `file` is for the places only. */
export function parsePipeline(file: string, source: string): RawPipeline {
  const { findings, map, document, unread } = readYaml(file, source);
  const raw = {
    file,
    folder: dirname(file),
    source,
    placeOf: map.placeOf,
    placeOfKey: map.placeOfKey,
    placeInText: map.placeInText,
    sourceTextOf: map.sourceTextOf,
  };
  if (!document) return { ...raw, findings: findings.length > 0 ? findings : [diagnose('REL_FILE_EMPTY', {}, map.place(0, 1))] };
  const { root, findings: more } = plainTree(document, map);
  if (!root && findings.length > 0) return { ...raw, findings };
  return { ...raw, findings: [...findings, ...more], ...(root && { root }), ...(unread && { unread }) };
}

interface ReadSource {
  /** Missing: so deeply nested that the parser gave up. */
  readonly documents?: readonly Document.Parsed[];
  readonly map: SourceMap;
}

function read(file: string, source: string): ReadSource {
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(source, {
      lineCounter: lines,
      version: '1.2',
      schema: 'core',
      strict: true,
      uniqueKeys: true,
      stringKeys: true,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const all = 'empty' in documents ? [] : documents;
    return { documents: all, map: new SourceMap(file, source, lines, all[0]) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { map: new SourceMap(file, source, lines, undefined) };
  }
}

interface YamlReading {
  readonly findings: readonly Diagnostic[];
  readonly map: SourceMap;
  /** Missing: empty, or its structure is lost. */
  readonly document?: Document.Parsed;
  readonly unread?: RawPipeline['unread'];
}

/** Broken lines hide what is wrong behind them: without them the rest is read again, as long as that brings anything new to light. */
function readYaml(file: string, source: string): YamlReading {
  const { documents, map } = read(file, source);
  if (!documents) return { findings: [diagnose('REL_YAML_SYNTAX', { what: 'it is nested too deeply' }, map.place(0, 1))], map };
  const [document, second] = documents;
  if (!document) return { findings: [], map };
  const findings = [...translateYamlErrors(document, source, map), ...findUnusedYaml(document, source, map)];
  if (second) findings.push(diagnose('REL_YAML_SEVERAL_DOCUMENTS', {}, map.place(second.range[0], second.range[0] + 1)));
  const lost = findings.flatMap(({ code, at }) => (at && !keepText.has(code) ? [at.line] : []));
  const rest = withoutBrokenLines(source, findings);
  if (rest !== source) {
    const later = readYaml(file, rest);
    return { ...later, findings: [...findings, ...hidden(later.findings, findings)], unread: new Set([...lost, ...(later.unread ?? [])]) };
  }
  if (!findings.every(({ code }) => keepText.has(code) || code === 'REL_YAML_TAG')) return { findings, map };
  const unread = new Set([...lost, ...linesOfShadowed(document, map)]);
  return { findings, map, document, ...(unread.size > 0 && { unread }) };
}

/** Findings beside which the text of their line is read as it is meant. */
const keepText: ReadonlySet<string> = new Set(['REL_YAML_DUPLICATE_KEY', 'REL_YAML_SEVERAL_DOCUMENTS', 'REL_YAML_ESCAPE']);

/** Of a key that stands twice the last value is read. */
function linesOfShadowed(document: Document.Parsed, map: SourceMap): number[] {
  const lines: number[] = [];
  visit(document, {
    Pair: (_, pair, path) => {
      const around = path.at(-1);
      const isLast = !isMap(around) || around.items.findLast(({ key }) => String(key) === String(pair.key)) === pair;
      if (isLast || !isCollection(pair.value) || !pair.value.range) return;
      const [from, to] = pair.value.range;
      for (let line = map.place(from, to).line; line <= map.place(to, to).line; line++) lines.push(line);
    },
  });
  return lines;
}

const hidden = (later: readonly Diagnostic[], known: readonly Diagnostic[]): Diagnostic[] =>
  later.filter(({ at }) => at !== undefined && !known.some((other) => other.at?.line === at.line));

function plainTree(document: Document, map: SourceMap): { readonly root?: RawMapping; readonly findings: readonly Diagnostic[] } {
  const aliases = findAliasProblems(document, map, maxAliasCount);
  if (aliases.some(({ code }) => code !== 'REL_YAML_ALIAS_UNKNOWN')) return { findings: aliases };
  if (aliases.length > 0) {
    const { root, findings } = plainTree(withAliasesAsText(document), map);
    return { findings: [...aliases, ...findings], ...(root && { root }) };
  }
  const root = document.toJS({ maxAliasCount }) as Json;
  const findings = findRewrittenScalars(document, map);
  if (isMapping(root)) return { root, findings };
  if (root === null) return { findings: [diagnose('REL_FILE_EMPTY', {}, map.place(0, 1))] };
  const found = Array.isArray(root) ? 'a list' : 'a single value';
  return { findings: [diagnose('REL_FILE_NOT_MAPPING', { found }, map.placeOf([]))] };
}

/** References to nothing as the texts they were most likely meant to be, so that the rest can be read. */
function withAliasesAsText(document: Document): Document {
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return undefined;
      const text = new Scalar(`*${alias.source}`);
      text.range = alias.range ?? null;
      return text;
    },
  });
  return document;
}

const isMapping = (value: Json): value is RawMapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
