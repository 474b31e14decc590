import { closestNames } from '../../util/closest-names.ts';
import { type Name, roots } from '../names-in.ts';
import { type Span, textFinding, type TextFinding } from '../text-finding.ts';
import { tokensOf } from '../token.ts';

/** Hyphens and names that would silently mean something else. */
export const checkNames = (source: string, names: readonly Name[]): readonly TextFinding[] => [
  ...strayHyphens(source, names),
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

/** Two names that become one variable, e.g. `outputs["a/b"]` and `outputs["a-b"]`. */
function lookAlikes(source: string, names: readonly Name[]): readonly TextFinding[] {
  const seen = new Map<string, string>();
  return names.flatMap(({ start, end }) => {
    const written = source.slice(start, end);
    const variable = written.replaceAll(/\W/g, '_');
    const other = seen.get(variable) ?? written;
    seen.set(variable, other);
    const problem = `"${other}" and "${written}" are too similar to be used together`;
    return other === written ? [] : [textFinding('REL_EXPRESSION_SYNTAX', { problem }, { offset: start, length: end - start })];
  });
}

/** The names of GitHub Actions and GitLab. */
const calledElsewhere: Readonly<Record<string, string>> = {
  env: 'A command reads its environment as the shell does: $NAME, set under `env:`.',
  github: 'A value from outside is an input: read inputs.NAME, and pass it with --input NAME=VALUE.',
  jobs: 'Read the output of another step as steps.ID.outputs.NAME.',
  needs: 'Read the output of another step as steps.ID.outputs.NAME.',
  params: 'A value from outside is an input: read inputs.NAME.',
  vars: 'A value from outside is an input: read inputs.NAME.',
};

/** A name whose first part is nothing that an expression can read from. */
export function unknownName(name: string, span: Span): TextFinding {
  const finding = textFinding('REL_NAME_UNKNOWN', { what: 'name', name, close: closestNames(name, roots), known: roots }, span);
  const hint = Object.hasOwn(calledElsewhere, name) ? calledElsewhere[name] : undefined;
  return hint === undefined ? finding : { ...finding, hint };
}
