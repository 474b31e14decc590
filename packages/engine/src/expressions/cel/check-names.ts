import { closestNames } from '../../util/closest-names.ts';
import { type Name, roots } from '../names-in.ts';
import { type TextFinding, textFinding } from '../text-finding.ts';
import { tokensOf } from '../token.ts';
import { unknownName } from './unknown-name.ts';
import { isStandIn } from './stand-ins.ts';

/** Hyphens and names that would silently mean something else. */
export const checkNames = (source: string, names: readonly Name[]): readonly TextFinding[] => [
  ...strayHyphens(source, names),
  ...reservedFunctions(source),
  ...lookAlikes(source, names),
];

/** `item.some-key` would be a subtraction. */
function strayHyphens(source: string, names: readonly Name[]): readonly TextFinding[] {
  return tokensOf(source).flatMap((token, i, tokens) => {
    if (token.text !== '.' || names.some(({ start, end }) => token.start >= start && token.start < end)) return [];
    const name = /^[A-Za-z_]\w*(?:-\w+)+/.exec(source.slice(token.end))?.[0];
    const span = { offset: token.end, length: name?.length ?? 0 };
    const root = tokens[i - 1];
    if (name !== undefined && root && tokens[i - 2]?.text !== '.' && closestNames(root.text, roots).length > 0) {
      return [unknownName(root.text, { offset: root.start, length: root.text.length })];
    }
    return name === undefined ? [] : [textFinding('REL_NAME_WITH_HYPHEN', { name }, span)];
  });
}

const reservedFunctions = (source: string): readonly TextFinding[] =>
  tokensOf(source).flatMap(({ kind, text, start }) =>
    kind === 'word' && isStandIn(text)
      ? [textFinding('REL_NAME_UNKNOWN', { what: 'function', name: text, close: [], known: [] }, { offset: start, length: text.length })]
      : [],
  );

/** Two names that become one variable, e.g. `outputs["a/b"]` and `outputs["a-b"]`. */
function lookAlikes(source: string, names: readonly Name[]): readonly TextFinding[] {
  const seen = new Map<string, string>();
  return names.flatMap(({ start, end }) => {
    const written = source.slice(start, end);
    const variable = written.replaceAll(/\W/g, '_');
    const other = seen.get(variable) ?? written;
    seen.set(variable, other);
    const problem = `"${other}" and "${written}" are too alike to be used together`;
    return other === written ? [] : [textFinding('REL_EXPRESSION_SYNTAX', { problem }, { offset: start, length: end - start })];
  });
}
