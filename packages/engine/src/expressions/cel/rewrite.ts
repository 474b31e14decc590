import type { ASTNode } from '@marcbachmann/cel-js';
import type { Name } from '../names-in.ts';

/** A name as CEL sees it: one variable. */
interface Variable {
  readonly identifier: string;
  readonly name: Name;
}

interface Rewritten {
  /** As long as the source, so that positions hold. */
  readonly source: string;
  readonly variables: readonly Variable[];
}

/**
 * `inputs.first-weight` becomes the variable `inputs_first_weight`: kebab-case is not a subtraction, and its type is known. This happens in
 * the source, because CEL cannot parse every name (`steps.build-2.outputs.digest`).
 */
export function rewriteNames(source: string, names: readonly Name[]): Rewritten {
  let result = source;
  const variables = new Map<string, Variable>();
  for (const name of names) {
    const identifier = source.slice(name.start, name.end).replaceAll(/\W/g, '_');
    result = result.slice(0, name.start) + identifier + result.slice(name.end);
    variables.set(identifier, { identifier, name });
  }
  return { source: result, variables: [...variables.values()] };
}

/**
 * The functions of the library that are replaced, by what the environment calls the engine's own: its `duration` cannot be multiplied or
 * divided, and its `matches` is a backtracking RegExp that one pattern can stop for minutes. Overloads cannot be removed from it.
 */
export const replacements = { duration: 'relpipe_duration', matches: 'relpipe_matches' } as const;

/** Calls the engine's own functions in a syntax tree, which must not have been checked yet. */
export function useReplacements(node: ASTNode): void {
  if (node.op === 'call' && node.args[0] === 'duration') node.args[0] = replacements.duration;
  if (node.op === 'rcall' && node.args[0] === 'matches') node.args[0] = replacements.matches;
  for (const child of nodesIn(node.args)) useReplacements(child);
}

/** The names as the reader wrote them. */
export const withoutReplacements = (message: string): string => message.replaceAll('relpipe_', '');

const nodesIn = (args: unknown): readonly ASTNode[] => (Array.isArray(args) ? args.flatMap(nodesIn) : isNode(args) ? [args] : []);
const isNode = (value: unknown): value is ASTNode => typeof value === 'object' && value !== null && 'op' in value;
