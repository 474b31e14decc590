import type { ASTNode, ParseResult } from '@marcbachmann/cel-js';
import { counted } from '../../util/phrases.ts';
import { type Token, tokensOf } from '../token.ts';

/**
 * What an expression may cost, so that none of them holds up a plan or a run: a file with a typo, or from somebody else, is answered at
 * once. They are far above what releases need.
 */
const maximum = { characters: 10_000, nestedLoops: 4, steps: 1_000_000 } as const;

/** The limits for the parser of the library. */
export const parserLimits = { maxAstNodes: 5_000, maxDepth: 100 } as const;

interface BeyondLimit {
  readonly problem: string;
  readonly offset: number;
  readonly length: number;
}

/** What in the text of an expression is beyond a limit. */
export function beyondLimit(source: string): BeyondLimit | undefined {
  if (source.length > maximum.characters) {
    return { problem: `it has ${source.length} characters, and ${maximum.characters} are the limit`, offset: 0, length: source.length };
  }
  const loop = tooDeepLoop(tokensOf(source));
  const problem = `all, exists, exists_one, map and filter are nested more than ${counted(maximum.nestedLoops, 'level')} deep`;
  return loop && { problem, offset: loop.start, length: loop.end - loop.start };
}

const loops: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** The first loop inside too many others. */
function tooDeepLoop(tokens: readonly Token[]): Token | undefined {
  const open: boolean[] = [];
  for (const [n, token] of tokens.entries()) {
    if (token.kind !== 'character') continue;
    const name = tokens[n - 1];
    const isLoop = token.text === '(' && tokens[n - 2]?.text === '.' && name !== undefined && loops.has(name.text);
    if (isLoop && open.filter(Boolean).length >= maximum.nestedLoops) return name;
    if (/[([{]/.test(token.text)) open.push(isLoop);
    else if (/[)\]}]/.test(token.text)) open.pop();
  }
  return undefined;
}

/** An expression took more steps than are allowed, or made a value that is too large. */
export class TooCostlyError extends Error {
  constructor() {
    super(`it takes more than ${maximum.steps} steps`);
  }
}

/** Evaluates a checked expression, and throws `TooCostlyError` where it takes too many steps. */
export function limitSteps(run: ParseResult): (context: Record<string, unknown>) => unknown {
  const meter = new Meter();
  meter.readFrom(run.ast);
  return (context) => {
    meter.reset();
    try {
      const value: unknown = run(context);
      meter.measure(value);
      return value;
    } finally {
      // `all` and `||` continue after an error in one part.
      meter.require();
    }
  };
}

/** The methods of the library's evaluator that a node is given; the library does not export its type. */
interface Evaluator {
  run(node: ASTNode, context: unknown): unknown;
}
type Evaluate = (evaluator: Evaluator, node: ASTNode, context: unknown) => unknown;

/** Operators whose value is new; others pass one on. */
const makers: ReadonlySet<string> = new Set(['+', 'call', 'rcall', 'list', 'map']);

class Meter {
  #steps = 0;
  /** What lists and mappings hold, those inside of them counted each time: a value that is shared is compared and printed as often. */
  #weights = new WeakMap<object, number>();

  reset(): void {
    this.#steps = 0;
    this.#weights = new WeakMap();
  }

  require(): void {
    if (this.#steps > maximum.steps) throw new TooCostlyError();
  }

  /** Every node below the root is evaluated by `run` of the evaluator, which is known when the root is evaluated first. */
  readFrom(root: ASTNode): void {
    const node = root as unknown as { evaluate: Evaluate };
    const first = node.evaluate;
    node.evaluate = (evaluator, ast, context) => {
      const evaluate = evaluator.run.bind(evaluator);
      evaluator.run = (inner, around) => {
        this.#add(1);
        const value = evaluate(inner, around);
        if (makers.has(inner.op)) this.measure(value);
        return value;
      };
      return first.call(node, evaluator, ast, context);
    };
  }

  measure(value: unknown): void {
    this.#add(this.#weigh(value));
  }

  #add(steps: number): void {
    this.#steps += steps;
    this.require();
  }

  #weigh(value: unknown): number {
    if (typeof value === 'string') return value.length / 100;
    if (typeof value !== 'object' || value === null) return 0;
    const known = this.#weights.get(value);
    if (known !== undefined) return known;
    const inside: readonly unknown[] = Array.isArray(value) ? value : value instanceof Map ? [...value.values()] : Object.values(value);
    const weight = inside.reduce<number>((sum, part) => sum + 1 + this.#weigh(part), 0);
    // The empty list that a loop starts with still grows.
    if (inside.length > 0) this.#weights.set(value, weight);
    return weight;
  }
}
