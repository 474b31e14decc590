import { dirname } from 'node:path';
import { Scalar, visit, type Document } from 'yaml';
import type { Json } from '../contract/index.ts';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { findAliasProblems, findRewrittenScalars, findTimesOfDay } from './refused-yaml.ts';
import { isMapping, type RawMapping, type RawPipeline } from './raw-pipeline.ts';
import { readYaml } from './read-yaml.ts';
import type { SourceMap } from './source-map.ts';

/** Aliases may copy the whole tree at most this often: more is an attack or a mistake. */
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
  // The line that could not be read may be the only one.
  const own = findings.length > 0 ? more.filter(({ code }) => code !== 'REL_FILE_EMPTY') : more;
  return { ...raw, findings: [...findings, ...own], ...(root && { root }), ...(unread && { unread }) };
}

function plainTree(document: Document, map: SourceMap): { readonly root?: RawMapping; readonly findings: readonly Diagnostic[] } {
  const aliases = findAliasProblems(document, map, maxAliasCount);
  if (aliases.some(({ code }) => code !== 'REL_YAML_ALIAS_UNKNOWN')) return { findings: aliases };
  if (aliases.length > 0) {
    const { root, findings } = plainTree(withAliasesAsStrings(document), map);
    return { findings: [...aliases, ...findings], ...(root && { root }) };
  }
  const root = document.toJS({ maxAliasCount }) as Json;
  const findings = [...findRewrittenScalars(document, map), ...findTimesOfDay(document, map)];
  if (isMapping(root)) return { root, findings };
  if (root === null) return { findings: [diagnose('REL_FILE_EMPTY', {}, map.place(0, 1))] };
  const found = Array.isArray(root) ? 'a list' : 'a single value';
  return { findings: [diagnose('REL_FILE_NOT_MAPPING', { found }, map.placeOf([]))] };
}

/** Unknown aliases as the strings that they were most likely meant to be, so that the rest can be read. */
function withAliasesAsStrings(document: Document): Document {
  const anchors = new Set<string>();
  visit(document, {
    Alias: (_, alias) => {
      if (anchors.has(alias.source)) return undefined;
      const string = new Scalar(`*${alias.source}`);
      string.range = alias.range ?? null;
      return string;
    },
    Value: (_, { anchor }) => {
      if (anchor !== undefined) anchors.add(anchor);
    },
  });
  return document;
}
