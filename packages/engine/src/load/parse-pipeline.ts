import { dirname } from 'node:path';
import { LineCounter, parseAllDocuments, type Document } from 'yaml';
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
  const first = read(file, source);
  const { map } = first;
  const [document] = first.documents ?? [];
  const raw = {
    file,
    folder: dirname(file),
    source,
    placeOf: map.placeOf,
    placeOfKey: map.placeOfKey,
    placeInText: map.placeInText,
    sourceTextOf: map.sourceTextOf,
  };
  const findings = yamlFindings(file, source, first);
  if (findings.length > 0) return { ...raw, findings };
  return document ? { ...raw, ...plainTree(document, map) } : { ...raw, findings: [diagnose('REL_FILE_EMPTY', {}, map.place(0, 1))] };
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

/** Broken lines hide what is wrong behind them: without them the rest is read again, as long as that brings anything new to light. */
function yamlFindings(file: string, source: string, { documents, map }: ReadSource): Diagnostic[] {
  if (!documents) return [diagnose('REL_YAML_SYNTAX', { what: 'it is nested too deeply' }, map.place(0, 1))];
  const [document, second] = documents;
  if (!document) return [];
  const findings = [...translateYamlErrors(document, source, map), ...findUnusedYaml(document, source, map)];
  if (second) findings.push(diagnose('REL_YAML_SEVERAL_DOCUMENTS', {}, map.place(second.range[0], second.range[0] + 1)));
  const rest = withoutBrokenLines(source, findings);
  return rest === source ? findings : [...findings, ...hidden(yamlFindings(file, rest, read(file, rest)), findings)];
}

const hidden = (later: readonly Diagnostic[], known: readonly Diagnostic[]): Diagnostic[] =>
  later.filter(({ at }) => at !== undefined && !known.some((other) => other.at?.line === at.line));

function plainTree(document: Document, map: SourceMap): { root?: RawMapping; findings: Diagnostic[] } {
  const aliases = findAliasProblems(document, map, maxAliasCount);
  if (aliases.length > 0) return { findings: aliases };
  const root = document.toJS({ maxAliasCount }) as Json;
  const findings = findRewrittenScalars(document, map);
  if (isMapping(root)) return { root, findings };
  if (root === null) return { findings: [diagnose('REL_FILE_EMPTY', {}, map.place(0, 1))] };
  const found = Array.isArray(root) ? 'a list' : 'a single value';
  return { findings: [diagnose('REL_FILE_NOT_MAPPING', { found }, map.placeOf([]))] };
}

const isMapping = (value: Json): value is RawMapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
