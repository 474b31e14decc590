import type { Diagnostic } from '../errors/diagnostic.ts';

/** Findings after which the parser has lost the structure of the file. */
const structureIsLost: ReadonlySet<string> = new Set(['REL_YAML_NEEDS_QUOTES', 'REL_YAML_BRACKET_UNCLOSED', 'REL_YAML_BRACKET_UNMATCHED']);

/**
 * The source, each line with a broken `{ … }` or `[ … ]` emptied from its first bracket on, other broken lines from the text that lacks its
 * quotes; every other place stays where it was. What is open over several lines stays: nobody knows where it should end.
 */
export function withoutBrokenLines(source: string, findings: readonly Diagnostic[]): string {
  const lines = source.split('\n');
  for (const { code, at } of findings) {
    const line = at && lines[at.line - 1];
    if (!at || line === undefined || !structureIsLost.has(code)) continue;
    if (code === 'REL_YAML_BRACKET_UNCLOSED' && indentOf(followingLine(lines, at.line)) > indentOf(line)) continue;
    const bracket = line.search(/(?<=^|[\s:])[{[]/);
    const from = bracket === -1 ? at.column - 1 : bracket;
    lines[at.line - 1] = line.slice(0, from) + '~'.padEnd(line.length - from);
  }
  return lines.join('\n');
}

const indentOf = (line: string): number => line.search(/\S|$/);
const followingLine = (lines: readonly string[], from: number): string => lines.slice(from).find((line) => line.trim() !== '') ?? '';
