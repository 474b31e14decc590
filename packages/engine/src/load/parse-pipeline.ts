import { dirname } from 'node:path';
import { LineCounter, parseAllDocuments, type Document } from 'yaml';
import type { Json } from '../contract/index.ts';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { diagnose } from '../errors/diagnose.ts';
import { findAliasProblems } from './find-alias-problems.ts';
import { findRewrittenScalars } from './find-rewritten-scalars.ts';
import type { RawMapping, RawPipeline } from './raw-pipeline.ts';
import { SourceMap } from './source-map.ts';
import { translateYamlErrors } from './translate-yaml-errors.ts';

/** The whole tree may be copied by references at most so often: more is an attack or a mistake. */
const maxAliasCount = 100;

/** Parses the text of a pipeline file. Pure; `file` is for the places only. */
export function parsePipeline(file: string, source: string): RawPipeline {
  const lines = new LineCounter();
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
  const [document, second] = 'empty' in documents ? [] : documents;
  const map = new SourceMap(file, source, lines, document);
  const raw = {
    file,
    folder: dirname(file),
    source,
    placeOf: map.placeOf,
    placeOfKey: map.placeOfKey,
    placeInText: map.placeInText,
    sourceTextOf: map.sourceTextOf,
  };
  if (!document) return { ...raw, findings: [diagnose('REL_FILE_EMPTY', {}, map.place(0, 1))] };
  const findings = translateYamlErrors(document, source, map);
  if (second) findings.push(diagnose('REL_YAML_SEVERAL_DOCUMENTS', {}, map.place(second.range[0], second.range[0] + 1)));
  if (findings.length > 0) return { ...raw, findings };
  return { ...raw, ...plainTree(document, map) };
}

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
