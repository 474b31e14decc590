import { isCollection, isMap, LineCounter, parseAllDocuments, visit, type Document } from 'yaml';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { diagnose } from '../errors/diagnose.ts';
import { findUnusedYaml } from './find-unused-yaml.ts';
import type { RawPipeline } from './raw-pipeline.ts';
import { SourceMap } from './source-map.ts';
import { translateYamlErrors } from './translate-yaml-errors.ts';
import { withoutBrokenLines } from './without-broken-lines.ts';

interface YamlReading {
  readonly findings: readonly Diagnostic[];
  readonly map: SourceMap;
  /** Missing: empty, or its structure is lost. */
  readonly document?: Document.Parsed;
  readonly unread?: RawPipeline['unread'];
}

/** Broken lines hide what is wrong behind them: without them the rest is read again, as long as that brings anything new to light. */
export function readYaml(file: string, source: string): YamlReading {
  const { documents, map } = read(file, source);
  if (!documents) return { findings: [diagnose('REL_YAML_SYNTAX', { what: 'it is nested too deeply' }, map.place(0, 1))], map };
  const [document, second] = documents;
  if (!document) return { findings: [], map };
  const findings = [...translateYamlErrors(document, source, map), ...findUnusedYaml(document, source, map)];
  if (second) findings.push(diagnose('REL_YAML_MULTIPLE_DOCUMENTS', {}, map.place(second.range[0], second.range[0] + 1)));
  const lost = findings.flatMap(({ code, at }) => (at && !keepText.has(code) ? [at.line] : []));
  const rest = withoutBrokenLines(source, findings);
  if (rest !== source) {
    const later = readYaml(file, rest);
    return { ...later, findings: [...findings, ...hidden(later.findings, findings)], unread: new Set([...lost, ...(later.unread ?? [])]) };
  }
  if (!findings.every(({ code }) => keepText.has(code) || code === 'REL_YAML_TAG_UNSUPPORTED')) return { findings, map };
  const unread = new Set([...lost, ...linesOfShadowed(document, map)]);
  return { findings, map, document, ...(unread.size > 0 && { unread }) };
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

/** Findings beside which the text of their line is read as it is meant. */
const keepText: ReadonlySet<string> = new Set(['REL_YAML_DUPLICATE_KEY', 'REL_YAML_MULTIPLE_DOCUMENTS', 'REL_YAML_ESCAPE_INVALID']);

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
