import { isCollection, isMap, type Document, type YAMLMap, type YAMLSeq } from 'yaml';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import { nodesOf } from './nodes-of.ts';
import type { SourceMap } from './source-map.ts';

/** The finding about the unquoted string around a place: from the separator before it to just past the place. */
export function needsQuotes(
  source: string,
  offset: number,
  map: SourceMap,
  because: string,
  isInFlow = openBrackets(source, offset) > 0,
): Diagnostic {
  const lineStart = source.lastIndexOf('\n', offset - 1) + 1;
  const before = source.slice(lineStart, offset);
  const colon = before.lastIndexOf(': ') + 1;
  const isInCall = /\([^)]*$/.test(before.slice(colon));
  const separator = isInCall ? colon : Math.max(colon, before.lastIndexOf(', ') + 1, before.lastIndexOf('- ') + 1);
  const start = lineStart + separator + (/^[\s{[]*/.exec(source.slice(lineStart + separator, offset))?.[0].length ?? 0);
  const end = offset + Math.max(0, source.slice(offset).search(isInFlow ? /[\n,}\]]/ : /\n|\s#|$/));
  const text = source.slice(start, Math.max(end, offset + 1)).trimEnd();
  return diagnose('REL_YAML_NEEDS_QUOTES', { text, because, isWhole: !isInFlow }, map.place(start, start + text.length));
}

/** The number of brackets that the line opens before a place and does not close: a rough count, only to choose the words. */
export function openBrackets(source: string, offset: number): number {
  const before = source.slice(source.lastIndexOf('\n', offset - 1) + 1, offset);
  return (before.match(/[{[]/g) ?? []).length - (before.match(/[}\]]/g) ?? []).length;
}

/** The offsets of the brackets that are never closed, in the order of the text. */
export function unclosedFlows(document: Document, source: string): readonly number[] {
  const open = nodesOf(document).filter(isCollection).filter((node) => isOpenFlow(node, source));
  return open.flatMap(({ range }) => (range ? [range[0]] : []));
}

const isOpenFlow = (node: YAMLMap | YAMLSeq, source: string): boolean =>
  node.flow === true && source[(node.range?.[1] ?? 0) - 1] !== (isMap(node) ? '}' : ']');

/** The quote of a string that is never closed. */
export function unclosedQuote(source: string, quote: string, from: number, map: SourceMap) {
  const start = source.lastIndexOf(quote, from - 1);
  return map.place(start, start + 1);
}
