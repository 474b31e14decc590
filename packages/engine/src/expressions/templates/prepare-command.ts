import { expressionOf } from '../names-in.ts';
import { parseSecretReference } from './parse-templated.ts';
import { type ShellPlace, ShellReader } from './shell-reader.ts';
import { type PlacedExpression, spanOf, splitTemplated } from './split-templated.ts';
import { type TextFinding, textFinding } from '../text-finding.ts';
import type { Template } from '../value.ts';

/** A command without expressions, and the variables that it reads their values from. */
type PreparedCommand =
  | {
      readonly ok: true;
      readonly command: string;
      /** `RELPIPE_1` … : always text, so that a list or map is refused when it is resolved. */
      readonly variables: Readonly<Record<string, Template>>;
      readonly expressions: readonly PlacedExpression[];
    }
  | { readonly ok: false; readonly findings: readonly TextFinding[]; readonly expressions: readonly PlacedExpression[] };

/**
 * Turns the expressions of a `run:` text into environment variables, so that no value is ever read as a part of the script:
 * `"${RELPIPE_1}"` outside quotes, `${RELPIPE_1}` inside double quotes; refused where the shell would read it in another way.
 * Commands that share an environment need a `prefix` each.
 */
export function prepareCommand(text: string, prefix = 'RELPIPE'): PreparedCommand {
  const { pieces, findings } = splitTemplated(text);
  const problems = [...findings];
  const shell = new ShellReader();
  const expressions: PlacedExpression[] = [];
  let command = '';
  let place: ShellPlace = 'plain';
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      place = shell.read(piece);
      command += piece;
      continue;
    }
    const problem = problemAt(piece, place);
    if (problem) problems.push(problem);
    expressions.push(piece);
    command += place === 'plain' ? `"\${${prefix}_${expressions.length}}"` : `\${${prefix}_${expressions.length}}`;
    shell.passExpression();
  }
  if (problems.length > 0) {
    return {
      ok: false,
      findings: problems,
      expressions: expressions.filter(({ source }) => source.trim() !== '' && !parseSecretReference(source)),
    };
  }
  const variables = expressions.map(({ source }, i) => [`${prefix}_${i + 1}`, { $text: [expressionOf(source)] }] as const);
  return { ok: true, command, variables: Object.fromEntries(variables), expressions };
}

function problemAt(piece: PlacedExpression, place: ShellPlace): TextFinding | undefined {
  const span = spanOf(piece);
  const secret = parseSecretReference(piece.source);
  if (secret) return textFinding('REL_SECRET_IN_COMMAND', { name: secret.$secret }, span);
  if (place === 'single') return textFinding('REL_COMMAND_SINGLE_QUOTES', { source: `\${{ ${piece.source.trim()} }}` }, span);
  return typeof place === 'string' ? undefined : textFinding('REL_COMMAND_EXPRESSION_UNSAFE', { where: place.unsure }, span);
}
