import { type Token, tokensOf } from './token.ts';
import type { Expression } from './value.ts';

/** The first part of every name that an expression can read. */
export const roots = ['inputs', 'steps', 'secrets', 'matrix', 'run', 'outputs', 'saved', 'ci', 'history'] as const;
type Root = (typeof roots)[number];

export interface Segment {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Written `["name"]`. */
  readonly isQuoted: boolean;
}

/**
 * A name in an expression, e.g. `steps.build.outputs.digest`, as far as the engine knows it: deeper members are CEL's. The members of
 * `history("NAME")[0].inputs.X` are NAME, 0, `inputs` and X.
 */
export interface Name {
  readonly root: Root;
  readonly segments: readonly Segment[];
  readonly start: number;
  readonly end: number;
  /** Inside the first argument of `default(…)`. */
  readonly isGuarded: boolean;
  /** `has(inputs.X)`: the name with its `has( )` means whether there is a value. */
  readonly isPresence?: true;
}

/** Members that belong to the name: `steps.ID.outputs.NAME`, `inputs.NAME`. */
const depths: Readonly<Record<Root, number>> = {
  inputs: 1,
  steps: 3,
  secrets: 1,
  matrix: 1,
  run: 1,
  outputs: 2,
  saved: 2,
  ci: 1,
  history: 4,
};

/** Every name of an expression, with its place. Needs no CEL, and accepts what is not CEL. */
export function namesIn(source: string): readonly Name[] {
  const tokens = tokensOf(source).filter(({ kind }) => kind !== 'comment');
  /** One entry per open bracket: whether it is the first argument of a `default`. */
  const guards: boolean[] = [];
  const names: Name[] = [];
  tokens.forEach((token, i) => {
    const before = tokens[i - 1];
    // `run` in `inputs.dry-run` is a part of that name.
    if (token.start < (names.at(-1)?.end ?? 0)) return;
    if (isOpening(token)) guards.push(token.text === '(' && before?.text === 'default');
    else if (isClosing(token)) guards.pop();
    else if (token.text === ',') guards.splice(-1, 1, false);
    else if (isRoot(token) && before?.text !== '.' && (tokens[i + 1]?.text === '(') === (token.text === 'history')) {
      names.push(readName(source, token, token.text, guards.includes(true)));
    }
  });
  return names;
}

const isOpening = ({ text }: Token): boolean => text === '(' || text === '[' || text === '{';
const isClosing = ({ text }: Token): boolean => text === ')' || text === ']' || text === '}';
const isRoot = (token: Token): token is Token & { readonly text: Root } =>
  token.kind === 'word' && (roots as readonly string[]).includes(token.text);

function readName(source: string, token: Token, root: Root, isGuarded: boolean): Name {
  const segments: Segment[] = root === 'history' ? [...historyEntry(source, token.end)] : [];
  let end = segments.at(-1)?.end ?? token.end;
  while (segments.length < depthOf(root, segments)) {
    const segment = readSegment(source, end);
    if (!segment || isCall(source, segment)) break;
    segments.push(segment);
    end = segment.end;
  }
  return { root, segments, start: token.start, end, isGuarded };
}

const entry = /\(\s*(?:"([^"\\\n]*)"|'([^'\\\n]*)')\s*\)\[\s*(\d+)\s*\]/y;

/** `("engine")[0]`: which pipeline, and how many runs back. */
function historyEntry(source: string, start: number): readonly Segment[] {
  entry.lastIndex = start;
  const [, double, single, index] = entry.exec(source) ?? [];
  if (index === undefined) return [];
  return [double ?? single ?? '', index].map((name) => ({ name, start, end: entry.lastIndex, isQuoted: true }));
}

/** `outputs["KEY"].name` has two members, `outputs.name` one. */
const depthOf = (root: Root, [first]: readonly Segment[]): number =>
  (root === 'outputs' || root === 'saved') && first && !first.isQuoted ? 1 : depths[root];

const member = /\.([A-Za-z_]\w*(?:-\w+)*)/y;
const quoted = /\[(?:"([^"\\\n]*)"|'([^'\\\n]*)')\]/y;

/** A name with one more member, if the source has one: `inputs.tag` → `inputs.tag.version`. */
export function withMember(source: string, name: Name): Name {
  const segment = readSegment(source, name.end);
  return segment && !isCall(source, segment) ? { ...name, segments: [...name.segments, segment], end: segment.end } : name;
}

/** The roots of values that a run may do without from the start. What a skipped step returns is read with `default(…)`. */
const mayBeAbsent: readonly Root[] = ['inputs', 'secrets', 'ci', 'history'];

/** A name with the `has( )` around it, if there is one and nothing else is in it. */
export function withPresence(source: string, name: Name): Name {
  const before = /(?<![\w.])has\(\s*$/.exec(source.slice(0, name.start));
  const after = /^\s*\)/.exec(source.slice(name.end));
  if (!before || !after || !mayBeAbsent.includes(name.root)) return name;
  return { ...name, start: before.index, end: name.end + after[0].length, isPresence: true };
}

function readSegment(source: string, start: number): Segment | undefined {
  for (const pattern of [member, quoted]) {
    pattern.lastIndex = start;
    const found = pattern.exec(source);
    const name = found?.[1] ?? found?.[2];
    if (name !== undefined) return { name, start, end: pattern.lastIndex, isQuoted: pattern === quoted };
  }
  return undefined;
}

const isCall = (source: string, segment: Segment): boolean => /^\s*\(/.test(source.slice(segment.end, segment.end + 20));

/** The expression of a CEL source, with what it reads. Whether it is right is for `checkExpression`. */
export function expressionOf(source: string): Expression {
  const reads = namesIn(source).flatMap((name) => readOf(name) ?? []);
  return { $expr: source.trim(), reads: [...new Set(reads)] };
}

function readOf({ root, segments: [first] }: Name): string | undefined {
  const isKey = first?.isQuoted === true && (root === 'outputs' || root === 'saved');
  return root === 'steps' || isKey ? first?.name : undefined;
}
