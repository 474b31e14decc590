import type { Document, YAMLError } from 'yaml';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { needsQuotes, openBrackets, unclosedFlows, unclosedQuote } from './quotes-and-brackets.ts';
import type { SourceMap } from './source-map.ts';

/** Every error and warning of the YAML parser in plain words. An error that only follows from an earlier one is left out. */
export function translateYamlErrors(document: Document.Parsed, source: string, map: SourceMap): Diagnostic[] {
  const found = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  const tabs = found.filter(({ code }) => code === 'TAB_AS_INDENT').map(({ pos }) => pos[0]);
  const isBeforeTab = ({ pos, code }: YAMLError) =>
    code !== 'TAB_AS_INDENT' && tabs.some((tab) => tab > pos[0] && source.slice(pos[0], tab).trim() === '');
  const broken: Broken = { errors: document.errors, unclosed: document.errors.length > 0 ? unclosedFlows(document, source) : [] };
  const findings = withoutConsequences(
    found.filter((error) => !isBeforeTab(error)),
    map,
  ).map((error) => translate(error, broken, source, map));
  return onePerPlace(findings);
}

function onePerPlace(findings: readonly Diagnostic[]): Diagnostic[] {
  const first = new Map(findings.toReversed().map((finding) => [`${finding.at?.line ?? 0}:${finding.at?.column ?? 0}`, finding]));
  const kept = new Set(first.values());
  return findings.filter((finding) => kept.has(finding));
}

/** What the errors of a document refer to, found once for all of them. */
interface Broken {
  readonly errors: readonly YAMLError[];
  /** Offsets of the brackets that are never closed, in the order of the text. */
  readonly unclosed: readonly number[];
}

/** After one broken line the parser also reports the rest of it, and everything outside of the structure that it still sees. */
function withoutConsequences(errors: readonly YAMLError[], map: SourceMap): YAMLError[] {
  const lines = new Set<number>();
  return errors.filter((error, index) => {
    const { line } = map.place(...error.pos);
    if (lines.has(line) || (index > 0 && error.message.includes('in YAML stream'))) return false;
    lines.add(line);
    return true;
  });
}

function translate(error: YAMLError, broken: Broken, source: string, map: SourceMap): Diagnostic {
  const [from, to] = error.pos;
  const at = map.place(from, to);
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return diagnose('REL_YAML_TAB', {}, at);
    case 'BAD_SCALAR_START':
    case 'BAD_ALIAS':
      return needsQuotes(source, from, map, `an unquoted string cannot start with ${source.charAt(from)}`);
    case 'BAD_DQ_ESCAPE':
      return diagnose('REL_YAML_ESCAPE_INVALID', { escape: source.slice(from, from + 2) }, map.place(from, from + 2));
    case 'MULTIPLE_DOCS':
      return diagnose('REL_YAML_MULTIPLE_DOCUMENTS', {}, at);
    case 'TAG_RESOLVE_FAILED':
      return diagnose('REL_YAML_TAG_UNSUPPORTED', { tag: source.slice(from, to) }, at);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return needsQuotes(source, from, map, 'the colon and space inside it would start a new key');
    default:
      return structureBroken(error, broken, source, map);
  }
}

function structureBroken(error: YAMLError, { errors, unclosed }: Broken, source: string, map: SourceMap): Diagnostic {
  const [from, to] = error.pos;
  const quote = /Missing closing (["'])quote/.exec(error.message)?.[1];
  if (quote) return diagnose('REL_YAML_QUOTE_UNCLOSED', { quote }, unclosedQuote(source, quote, from, map));
  if (error.code === 'MULTILINE_IMPLICIT_KEY' && errors.some(({ code, pos }) => code === 'BLOCK_IN_FLOW' && pos[0] === from)) {
    return diagnose(
      'REL_YAML_SYNTAX',
      { what: 'a comma is missing after this entry of { } or [ ]', hint: 'Put a comma after it.' },
      map.place(from, to),
    );
  }
  const bracket = lacksItsEnd.test(error.message) ? unclosed.findLast((offset) => offset < from) : undefined;
  if (bracket !== undefined) {
    return diagnose('REL_YAML_BRACKET_UNCLOSED', { bracket: source.charAt(bracket) }, map.place(bracket, bracket + 1));
  }
  if (/^Unexpected flow-\w+-end token in YAML stream/.test(error.message)) {
    return diagnose('REL_YAML_BRACKET_UNMATCHED', { bracket: source.charAt(from) }, map.place(from, to));
  }
  if (isInsideFlow(error, source)) {
    return needsQuotes(source, from, map, 'inside { } and [ ], the characters , : { } [ ] have a meaning in YAML');
  }
  if (startsLikeYaml.test(error.message)) return needsQuotes(source, from, map, 'its first character has a meaning in YAML', false);
  const key = /^[ ]*(?:- +)?([\w.-]+):(\S.*)$/m.exec(source.slice(from, to + 200).split('\n')[0] ?? '');
  if (key?.[1] !== undefined && error.code !== 'BAD_INDENT') {
    return diagnose('REL_YAML_COLON_SPACE', { key: key[1], value: key[2] ?? '' }, map.place(from, from + key[0].length));
  }
  return misplaced(error, source, map);
}

const lacksItsEnd = /(and|must) end with a/;

/** `run: > make` and `run: - make`. */
const startsLikeYaml = /^(Not a YAML token|Unexpected block-seq-ind on same line)/;

function misplaced(error: YAMLError, source: string, map: SourceMap): Diagnostic {
  const [from, to] = error.pos;
  const lineStart = source.lastIndexOf('\n', from - 1) + 1;
  const [indent = ''] = /^[ \t]*/.exec(source.slice(lineStart)) ?? [];
  if (indent.includes('\t')) return diagnose('REL_YAML_TAB', {}, map.place(lineStart, lineStart + indent.length));
  const isLineStart = /^[ ]*$/.test(source.slice(lineStart, from));
  if (error.code === 'UNEXPECTED_TOKEN' && error.message.includes('node end') && !isLineStart) {
    const isQuoted = ['"', "'"].includes(source.slice(0, from).trimEnd().at(-1) ?? '');
    const hint = isQuoted
      ? "Write a quote inside single quotes as '', and inside double quotes as \\\"; or start the string on the next line, after `|`."
      : 'Put the whole value in quotes, or start a new line.';
    return diagnose('REL_YAML_SYNTAX', { what: 'there is unexpected text after a complete value', hint }, map.place(from, to));
  }
  const spaces = /^[ ]*/.exec(source.slice(from))?.[0].length ?? 0;
  return diagnose('REL_YAML_SYNTAX', { what: whatIsWrong(error, isLineStart) }, map.place(from + spaces, to + spaces));
}

function whatIsWrong({ code, message }: YAMLError, isLineStart: boolean): string {
  if (code === 'BAD_INDENT' || message.startsWith('Sequence item without') || (isLineStart && message.includes('node end'))) {
    return 'the indentation matches neither the line above nor anything around it';
  }
  switch (code) {
    case 'MISSING_CHAR':
      return message.includes('Implicit map keys') ? 'a key needs a colon and a value' : 'a character is missing';
    case 'MULTILINE_IMPLICIT_KEY':
      return 'a key needs a colon and a space, and must be on one line';
    case 'NON_STRING_KEY':
      return 'a list or mapping cannot be a key';
    case 'RESOURCE_EXHAUSTION':
      return 'it is nested too deeply';
    default:
      return 'this is not expected here';
  }
}

const isInsideFlow = (error: YAMLError, source: string): boolean =>
  error.code === 'BLOCK_IN_FLOW' || error.code === 'NON_STRING_KEY' || /flow/i.test(error.message)
    ? openBrackets(source, error.pos[0]) > 0 || error.message.includes('flow-')
    : false;
