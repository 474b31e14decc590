import { visit, type Document } from 'yaml';
import { diagnose, type Diagnostic } from '../errors/diagnostic.ts';
import type { SourceMap } from './source-map.ts';

/**
 * Unquoted numbers that are printed otherwise than they are written: 3.10 becomes 3.1, 010 becomes 10, 1e3 becomes 1000.
 * In a version or a name the difference is a bug that nobody sees.
 */
export function findRewrittenScalars(document: Document, map: SourceMap): Diagnostic[] {
  const findings: Diagnostic[] = [];
  visit(document, {
    Scalar: (_, { type, value, source, range }) => {
      if (type !== 'PLAIN' || typeof value !== 'number' || source === undefined || !range) return;
      const read = String(value);
      if (read === source) return;
      findings.push(diagnose('REL_YAML_VALUE_REWRITTEN', { written: source, read }, map.place(range[0], range[1])));
    },
  });
  return findings;
}
