import { isScalar, visit, type Document } from 'yaml';
import type { Diagnostic } from '../errors/diagnostic.ts';
import { diagnose } from '../errors/diagnose.ts';
import type { SourceMap } from './source-map.ts';

/** What YAML has and a pipeline does not: tags, which change a text without a word (`when: ! x` is `x`), and merge keys, which are not of YAML 1.2. */
export function findUnusedYaml(document: Document, source: string, map: SourceMap): Diagnostic[] {
  const findings: Diagnostic[] = [];
  visit(document, {
    Value: (_, { tag, range }) => {
      const from = tag === undefined || !range ? -1 : source.lastIndexOf('!', range[0] - 1);
      if (from !== -1) findings.push(tagFinding(source, from, map));
    },
    Pair: (_, { key }) => {
      if (!isScalar(key) || key.value !== '<<' || key.type !== 'PLAIN' || !key.range) return;
      findings.push(diagnose('REL_YAML_MERGE_KEY', {}, map.place(key.range[0], key.range[1])));
    },
  });
  return findings;
}

/** `!name`, `!!str`, or a lone `!`. */
function tagFinding(source: string, lastMark: number, map: SourceMap): Diagnostic {
  const from = source[lastMark - 1] === '!' ? lastMark - 1 : lastMark;
  const tag = /^[^\s,\]}]+/.exec(source.slice(from))?.[0] ?? '!';
  return diagnose('REL_YAML_TAG_UNSUPPORTED', { tag }, map.place(from, from + tag.length));
}
