import { isCollection, parseAllDocuments, type Document } from 'yaml';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import type { RawPipeline } from './raw-pipeline.ts';
import { SourceMap } from './source-map.ts';
import { translateYamlErrors } from './translate-yaml-errors.ts';
import { type DuplicateKey, duplicateKeyFinding, duplicateKeysIn, findUnusedYaml } from './refused-yaml.ts';

interface YamlReading {
  readonly findings: readonly Diagnostic[];
  readonly map: SourceMap;
  /** Missing: empty, or its structure is lost. */
  readonly document?: Document.Parsed;
  readonly unread?: RawPipeline['unread'];
}

/**
 * How often a file is read again without its broken lines. Each reading shows every broken line that no earlier one hides, so more are
 * needed only by a file that is broken all over; the rest of it is then read after the first findings are mended.
 */
const maxReadings = 10;

/**
 * What all readings together may cost: characters, and errors of the parser, which makes thousands of one broken line, for the words after it.
 */
const [maxCharacters, maxErrors] = [200_000, 4_000];

/** Broken lines hide errors after them: the rest is read again without them, as long as that shows anything new. */
export function readYaml(file: string, source: string): YamlReading {
  const findings = [...tooDeepLines(file, source)];
  const unread = new Set<number>();
  const emptied = new Set<number>();
  let text = withoutBrokenLines(source, findings, emptied);
  let errors = 0;
  for (const line of emptied) unread.add(line);
  for (let readings = 1; ; readings++) {
    const { rest, errorCount, ...reading } = readOnce(file, text, emptied);
    errors += errorCount;
    findings.push(...onOtherLines(reading.findings, findings));
    for (const line of reading.unread ?? []) unread.add(line);
    const isEnough = readings === maxReadings || readings * source.length > maxCharacters || errors > maxErrors;
    if (rest === text || isEnough) {
      const { document, map } = reading;
      return { findings, map, ...(document && rest === text && { document }), ...(unread.size > 0 && { unread }) };
    }
    text = rest;
  }
}

interface OneReading extends YamlReading {
  /** The text without the lines that broke it. */
  readonly rest: string;
  /** Of the parser. */
  readonly errorCount: number;
}

/** The lines that broke the reading are added to `emptied`. */
function readOnce(file: string, source: string, emptied: Set<number>): OneReading {
  const { documents, map } = read(file, source);
  if (!documents) {
    return { findings: [diagnose('REL_YAML_NESTED_TOO_DEEPLY', { depth: maxDepth }, map.place(0, 1))], map, rest: source, errorCount: 1 };
  }
  const [document, second] = documents;
  if (!document) return { findings: [], map, rest: source, errorCount: 0 };
  const errorCount = document.errors.length;
  const duplicates = duplicateKeysIn(document);
  const errors = translateYamlErrors(document, source, map);
  const findings = [
    ...errors,
    ...onOtherLines(
      duplicates.map((duplicate) => duplicateKeyFinding(duplicate, map)),
      errors,
    ),
    ...findUnusedYaml(document, source, map),
  ];
  if (second) findings.push(diagnose('REL_YAML_MULTIPLE_DOCUMENTS', {}, map.place(second.range[0], second.range[0] + 1)));
  const lost = findings.flatMap(({ code, at }) => (at && !keepText.has(code) ? [at.line] : []));
  const rest = withoutBrokenLines(source, findings, emptied);
  if (rest !== source) return { findings, map, rest, errorCount, unread: new Set(lost) };
  if (!findings.every(({ code }) => keepText.has(code) || code === 'REL_YAML_TAG_UNSUPPORTED')) return { findings, map, rest, errorCount };
  return { findings, map, rest, errorCount, document, unread: new Set([...lost, ...hiddenLines(duplicates, map)]) };
}

interface ReadSource {
  /** Missing: so deeply nested that the parser gave up. */
  readonly documents?: readonly Document.Parsed[];
  readonly map: SourceMap;
}

function read(file: string, source: string): ReadSource {
  const { stackTraceLimit } = Error;
  try {
    // The parser's errors are data, thousands of them in some files; nobody reads their stacks.
    Error.stackTraceLimit = 0;
    const documents = parseAllDocuments(source, {
      version: '1.2',
      schema: 'core',
      strict: true,
      // The parser compares each key with all before it; `duplicateKeysIn` does not.
      uniqueKeys: false,
      stringKeys: true,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const all = 'empty' in documents ? [] : documents;
    return { documents: all, map: new SourceMap(file, source, all[0]) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { map: new SourceMap(file, source, undefined) };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Deeper than anybody writes. The parser takes a time in the square of the depth, and ends where its stack does. */
const maxDepth = 100;

function* tooDeepLines(file: string, source: string): Generator<Diagnostic> {
  for (const [index, line] of source.split('\n').entries()) {
    const column = tooDeepFrom(line);
    if (column !== undefined) yield diagnose('REL_YAML_NESTED_TOO_DEEPLY', { depth: maxDepth }, { file, line: index + 1, column, length: 1 });
  }
}

const startOfDeepItem = new RegExp(String.raw`^\s*(?:[-?] +){${maxDepth}}`);

/** The column of the item or bracket that is one too many. Those in strings count as well: no string has so many that are open. */
function tooDeepFrom(line: string): number | undefined {
  const items = startOfDeepItem.exec(line);
  if (items) return items[0].length;
  let depth = 0;
  for (const { 0: bracket, index } of line.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > maxDepth) return index + 1;
  }
  return undefined;
}

/** Findings that leave the content of their line as it is meant. */
const keepText: ReadonlySet<string> = new Set(['REL_YAML_DUPLICATE_KEY', 'REL_YAML_MULTIPLE_DOCUMENTS', 'REL_YAML_ESCAPE_INVALID']);

/** The lines of values that a later duplicate of their key hides. */
function hiddenLines(duplicates: readonly DuplicateKey[], map: SourceMap): number[] {
  const lines: number[] = [];
  for (const { previous } of duplicates) {
    if (!isCollection(previous.value) || !previous.value.range) continue;
    const [from, to] = previous.value.range;
    for (let line = map.place(from, to).line; line <= map.place(to, to).line; line++) lines.push(line);
  }
  return lines;
}

/** Findings on lines that have none yet. */
function onOtherLines(later: readonly Diagnostic[], known: readonly Diagnostic[]): Diagnostic[] {
  const lines = new Set(known.map(({ at }) => at?.line));
  return later.filter(({ at }) => at !== undefined && !lines.has(at.line));
}

/** Findings after which the parser has lost the structure of the file. */
const structureIsLost: ReadonlySet<string> = new Set(['REL_YAML_NESTED_TOO_DEEPLY', 'REL_YAML_NEEDS_QUOTES', 'REL_YAML_BRACKET_UNCLOSED', 'REL_YAML_BRACKET_UNMATCHED']);

/**
 * The source, each line with a broken `{ … }` or `[ … ]` emptied from its first bracket on, other broken lines from the string that lacks
 * its quotes; every other place stays where it was. What is open over several lines stays: nobody knows where it should end. A line that
 * breaks the file again after it was emptied stays as well: emptying it once more would show nothing new.
 */
function withoutBrokenLines(source: string, findings: readonly Diagnostic[], emptied: Set<number>): string {
  const lines = source.split('\n');
  for (const { code, at } of findings) {
    const line = at && lines[at.line - 1];
    if (!at || line === undefined || !structureIsLost.has(code) || emptied.has(at.line)) continue;
    if (code === 'REL_YAML_BRACKET_UNCLOSED' && indentOf(followingLine(lines, at.line)) > indentOf(line)) continue;
    emptied.add(at.line);
    const bracket = line.search(/(?<=^|[\s:])[{[]/);
    const from = startOfDeepItem.test(line) ? indentOf(line) : bracket === -1 ? at.column - 1 : bracket;
    lines[at.line - 1] = line.slice(0, from) + '~'.padEnd(line.length - from);
  }
  return lines.join('\n');
}

const indentOf = (line: string): number => line.search(/\S|$/);
const followingLine = (lines: readonly string[], from: number): string => lines.slice(from).find((line) => line.trim() !== '') ?? '';
