import { expressionOf } from '../../expressions/names-in.ts';
import type { Expression } from '../../expressions/value.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { NamesAt } from '../names-at.ts';
import type { Reading } from '../reading.ts';
import { findingsIn, reportInText } from './read-text.ts';

/** `when:` is CEL, with or without `${{ }}` around it. */
export function readCondition(when: string | boolean, path: Path, names: NamesAt, reading: Reading): Expression {
  const text = String(when);
  const [, open = '', inside = text] = /^(\s*\$\{\{)(.*)\}\}\s*$/s.exec(text) ?? [];
  reportInText(findingsIn({ source: inside, offset: open.length }, names, reading, 'boolean'), path, reading);
  return expressionOf(inside);
}
