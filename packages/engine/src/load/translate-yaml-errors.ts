import { isMap, isScalar, visit, type Document, type YAMLError } from 'yaml';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { diagnose } from '../errors/diagnose.ts';
import type { SourceMap } from './source-map.ts';

/** Every error and warning of the YAML parser, in the reader's words. What only follows from an earlier error is left out. */
export function translateYamlErrors(document: Document.Parsed, source: string, map: SourceMap): Diagnostic[] {
  const found = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  return withoutConsequences(found, map).map((error) => translate(error, document, source, map));
}

/** After one broken line the parser stumbles over the rest of it, and over all that lies outside the structure it still sees. */
function withoutConsequences(errors: readonly YAMLError[], map: SourceMap): YAMLError[] {
  const lines = new Set<number>();
  return errors.filter((error, index) => {
    const { line } = map.place(...error.pos);
    if (lines.has(line) || (index > 0 && error.message.includes('in YAML stream'))) return false;
    lines.add(line);
    return true;
  });
}

function translate(error: YAMLError, document: Document, source: string, map: SourceMap): Diagnostic {
  const [from, to] = error.pos;
  const at = map.place(from, to);
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return duplicateKey(from, document, map);
    case 'TAB_AS_INDENT':
      return diagnose('REL_YAML_TAB', {}, at);
    case 'BAD_SCALAR_START':
      return needsQuotes(source, from, map, `no unquoted text begins with ${source.charAt(from)}`);
    case 'BAD_DQ_ESCAPE':
      return diagnose('REL_YAML_ESCAPE', { escape: source.slice(from, from + 2) }, at);
    case 'MULTIPLE_DOCS':
      return diagnose('REL_YAML_SEVERAL_DOCUMENTS', {}, at);
    case 'TAG_RESOLVE_FAILED':
      return diagnose('REL_YAML_TAG', { tag: source.slice(from, to) }, at);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return needsQuotes(source, from, map, 'the colon and space inside it look like a key of their own');
    default:
      return broken(error, source, map);
  }
}

function broken(error: YAMLError, source: string, map: SourceMap): Diagnostic {
  const [from, to] = error.pos;
  const quote = /Missing closing (["'])quote/.exec(error.message)?.[1];
  if (quote) return diagnose('REL_YAML_QUOTE_OPEN', { quote }, openQuote(source, quote, from, map));
  if (isInsideFlow(error, source)) return needsQuotes(source, from, map, 'inside { } and [ ] the characters , : { } [ ] belong to YAML');
  if (error.code === 'UNEXPECTED_TOKEN' && error.message.includes('node end')) {
    return diagnose('REL_YAML_SYNTAX', { what: 'something follows a value that is already complete', hint: 'Put the whole value in quotes, or begin a new line.' }, map.place(from, to));
  }
  const indent = /^[ ]*/.exec(source.slice(from))?.[0].length ?? 0;
  return diagnose('REL_YAML_SYNTAX', { what: whatIsWrong(error) }, map.place(from + indent, to + indent));
}

function whatIsWrong(error: YAMLError): string {
  switch (error.code) {
    case 'BAD_INDENT':
      return 'the indentation fits neither the line above nor anything around it';
    case 'MISSING_CHAR':
      return error.message.includes('Implicit map keys') ? 'a key needs a colon and a value' : 'a character is missing';
    case 'MULTILINE_IMPLICIT_KEY':
      return 'a key has to stand on one line';
    case 'NON_STRING_KEY':
      return 'a list or mapping cannot be a key';
    case 'RESOURCE_EXHAUSTION':
      return 'it is nested too deeply';
    default:
      return 'nothing that could stand here looks like this';
  }
}

const isInsideFlow = (error: YAMLError, source: string): boolean =>
  error.code === 'BLOCK_IN_FLOW' || error.code === 'NON_STRING_KEY' || /flow/i.test(error.message)
    ? openBrackets(source, error.pos[0]) > 0 || error.message.includes('flow-')
    : false;

/** Brackets that the line opens before a place and does not close: a rough count, only to choose the words. */
function openBrackets(source: string, offset: number): number {
  const before = source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset);
  return (before.match(/[{[]/g) ?? []).length - (before.match(/[}\]]/g) ?? []).length;
}

/** The unquoted text around a place: from the separator before it to just past the place. */
function needsQuotes(source: string, offset: number, map: SourceMap, because: string, isInFlow = openBrackets(source, offset) > 0): Diagnostic {
  const lineStart = source.lastIndexOf('\n', offset - 1) + 1;
  const before = source.slice(lineStart, offset);
  const separator = Math.max(before.lastIndexOf(': ') + 1, before.lastIndexOf(', ') + 1, before.lastIndexOf('- ') + 1);
  const start = lineStart + separator + (/^[\s{[]*/.exec(source.slice(lineStart + separator, offset))?.[0].length ?? 0);
  const end = offset + Math.max(0, source.slice(offset).search(isInFlow ? /[\n,}\]]/ : /\n|\s#|$/));
  const text = source.slice(start, Math.max(end, offset + 1)).trimEnd();
  return diagnose('REL_YAML_NEEDS_QUOTES', { text, because, isWhole: !isInFlow }, map.place(start, start + text.length));
}

function openQuote(source: string, quote: string, from: number, map: SourceMap) {
  const start = source.lastIndexOf(quote, from - 1);
  return map.place(start, start + 1);
}

function duplicateKey(offset: number, document: Document, map: SourceMap): Diagnostic {
  let first: { from: number; to: number; key: string } | undefined;
  visit(document, {
    Map: (_, node) => {
      const keys = node.items.flatMap(({ key }) => (isScalar(key) && key.range ? [{ key: String(key.value), from: key.range[0], to: key.range[1] }] : []));
      const second = keys.find((key) => key.from === offset);
      if (isMap(node) && second) first = keys.find((key) => key.key === second.key);
    },
  });
  const key = first?.key ?? '';
  const at = map.place(offset, offset + key.length);
  const related = first ? [{ at: map.place(first.from, first.to), note: 'the first one' }] : [];
  return diagnose('REL_YAML_DUPLICATE_KEY', { key }, at, related);
}
