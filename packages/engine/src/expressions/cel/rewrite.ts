import type { Name } from '../names-in.ts';
import { tokensOf } from '../token.ts';
import { standInFor } from './stand-ins.ts';

/** A name as CEL sees it: one variable. */
interface Variable {
  readonly identifier: string;
  readonly name: Name;
}

export interface Rewritten {
  /** As long as the source, so that positions hold. */
  readonly source: string;
  readonly variables: readonly Variable[];
}

/** `inputs.first-weight` becomes the variable `inputs_first_weight`: kebab-case is no subtraction, and its type is known. */
export function rewrite(source: string, names: readonly Name[]): Rewritten {
  const withFunctions = renameFunctions(source);
  let result = withFunctions;
  const variables = new Map<string, Variable>();
  for (const name of names) {
    const identifier = source.slice(name.start, name.end).replaceAll(/\W/g, '_');
    result = replaceAt(result, name.start, identifier);
    variables.set(identifier, { identifier, name });
  }
  return { source: result, variables: [...variables.values()] };
}

function renameFunctions(source: string): string {
  const tokens = tokensOf(source);
  return tokens.reduce((result, token, i) => {
    const isCall = token.kind === 'word' && tokens[i + 1]?.text === '(';
    const isMethod = tokens[i - 1]?.text === '.';
    const isReplaced = isCall && (isMethod ? token.text === 'matches' : token.text === 'duration');
    return isReplaced ? replaceAt(result, token.start, standInFor(token.text)) : result;
  }, source);
}

const replaceAt = (text: string, at: number, piece: string): string =>
  text.slice(0, at) + piece + text.slice(at + piece.length);
