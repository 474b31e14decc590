import type { Diagnostic } from '../errors/diagnostic.ts';
import type { RawPipeline } from '../load/raw-pipeline.ts';

/** Whether a finding may only follow from lines that could not be read: it lies on one, or misses what may stand on one. */
export function followsFromUnread({ code, at }: Diagnostic, { source, unread }: RawPipeline): boolean {
  if (!unread || !at) return false;
  if (unread.has(at.line) || aboutOthers.has(code)) return true;
  if (!aboutNames.has(code)) return false;
  const lines = source.split('\n');
  const written = lines[at.line - 1]?.slice(at.column - 1, at.column - 1 + at.length) ?? '';
  const name = (code === 'REL_PLUGIN_NOT_DECLARED' ? /[\w-]+/ : /[\w-]+(?=\W*$)/).exec(written)?.[0] ?? '';
  return [...unread].some((line) => lines[line - 1]?.match(/[\w-]+/g)?.some((word) => isNamedBy(word, name)) === true);
}

/** `@relpipe/plugin-docker` brings what begins with `docker`. */
const isNamedBy = (word: string, name: string): boolean => word === name || word.endsWith(`-${name}`);

/** What is named here is missed elsewhere. */
const aboutNames: ReadonlySet<string> = new Set(['REL_NAME_UNKNOWN', 'REL_PLUGIN_NOT_DECLARED']);

/** What stands here is judged by what stands elsewhere. */
const aboutOthers: ReadonlySet<string> = new Set([
  'REL_NAME_NOT_AVAILABLE',
  'REL_OPTION_UNKNOWN',
  'REL_OUTPUT_NOT_AVAILABLE',
  'REL_NEEDS_OTHER_STAGE',
  'REL_KEY_MISPLACED',
  'REL_APPROVERS_TOO_FEW',
  'REL_METRIC_UNIT_MISSING',
]);
