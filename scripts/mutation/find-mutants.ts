import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** One number or comparison of the rules, changed. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** The line as it is, to recognise the mutant in the list of equivalent ones when lines move. */
  readonly code: string;
  readonly from: string;
  readonly to: string;
  /** The source of the file with the change. */
  readonly mutated: string;
}

/** A comparison is weakened or turned around: whichever is nearer to a slip of the hand. */
const comparisons: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>', '===': '!==', '!==': '===' };

/** Every number and every comparison in the source of a file, each changed in turn. */
export function findMutants(file: string): readonly Mutant[] {
  const source = readFileSync(file, 'utf8');
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const lines = source.split('\n');
  const mutants: Mutant[] = [];
  const add = (node: ts.Node, from: string, to: string): void => {
    const line = parsed.getLineAndCharacterOfPosition(node.getStart()).line;
    const mutated = source.slice(0, node.getStart()) + to + source.slice(node.getEnd());
    mutants.push({ file, line: line + 1, code: (lines[line] ?? '').trim(), from, to, mutated });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNumericLiteral(node)) add(node, node.getText(), String(Number(node.getText().replaceAll('_', '')) + 1));
    if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.getText();
      const other = comparisons[operator];
      if (other !== undefined) add(node.operatorToken, operator, other);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return mutants;
}
