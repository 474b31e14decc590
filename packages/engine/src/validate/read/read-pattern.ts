import { groupNames, patternProblem } from '../../expressions/patterns.ts';
import type { Path } from '../../load/raw-pipeline.ts';
import type { InputShape } from '../shapes/pipeline-shape.ts';
import type { ValidationContext } from '../validation-context.ts';

/** The pattern of a string; undefined where there is none, or something is wrong with it, which is reported. */
export function readPattern({ type, pattern }: InputShape, name: string, path: Path, context: ValidationContext): string | undefined {
  if (pattern === undefined) return undefined;
  const at = [...path, 'pattern'];
  if (type !== 'string') {
    context.report('REL_KEY_MISPLACED', { key: 'pattern', where: `input "${name}"`, belongs: 'inputs of the type string' }, at);
    return undefined;
  }
  const problem = patternProblem(pattern);
  if (problem !== undefined) {
    context.report('REL_PATTERN_INVALID', { pattern, problem }, at);
    return undefined;
  }
  const [taken] = groupNames(pattern).filter((group) => !/^[a-z]\w*$/i.test(group));
  if (taken !== undefined) context.report('REL_NAME_INVALID', { what: 'group', name: taken, better: taken.replaceAll(/\W|^\d+/g, '') }, at);
  return pattern;
}
