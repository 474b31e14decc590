import type { ErrorObject } from 'ajv/dist/2020.js';
import { schemaKeyword } from '../../contract/schema-words.ts';

/**
 * Leaves out what only says that `${{ … }}` is not yet the value it will be: its type is checked where expressions are.
 * Text with an expression inside stays text.
 */
export function withoutExpressions(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  return errors.filter((error) => !isAboutExpression(error));
}

const isAboutExpression = ({ data, keyword, schema }: ErrorObject): boolean =>
  typeof data === 'string' &&
  data.includes('${{') &&
  !(keyword === schemaKeyword && schema === 'secret') &&
  (lone.test(data) || keyword !== 'type');

const lone = /^\s*\$\{\{.*\}\}\s*$/s;
