import type { Diagnostic } from '../errors/diagnostic.ts';

/** Findings after which the parser has lost the structure of the file. */
const structureIsLost: ReadonlySet<string> = new Set(['REL_YAML_NEEDS_QUOTES', 'REL_YAML_BRACKET_OPEN', 'REL_YAML_BRACKET_EXTRA']);

/** The source, each line with a broken `{ … }` or `[ … ]` emptied from its first bracket on; every other place stays where it was. */
export function withoutBrokenLines(source: string, findings: readonly Diagnostic[]): string {
  const broken = new Set(findings.flatMap(({ code, at }) => (structureIsLost.has(code) && at ? [at.line] : [])));
  if (broken.size === 0) return source;
  return source
    .split('\n')
    .map((line, index) => (broken.has(index + 1) ? line.replace(/(?<=[\s:])[{[].*/, (rest) => '~'.padEnd(rest.length)) : line))
    .join('\n');
}
