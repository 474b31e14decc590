import type { SideUnits } from '../units.ts';

/** A `server` of an upstream that gets requests by its weight. */
export interface UpstreamServer {
  /** As it is written in the file, e.g. `127.0.0.1:9001`. */
  readonly address: Word;
  /** What follows it, e.g. `weight=5` and `max_fails=0`. */
  readonly parameters: readonly Word[];
}

/** The servers of the upstream, without those that are only a `backup`; undefined where there is no such upstream. */
export function findServers(conf: string, upstream: string): readonly UpstreamServer[] | undefined {
  const found = [...walk(readDirectives(conf))].find(
    ({ words: [kind, name], block }) => kind?.text === 'upstream' && name?.text === upstream && block !== undefined,
  );
  return found?.block?.flatMap(({ words: [kind, address, ...parameters] }) => {
    const isServer = kind?.text === 'server' && address !== undefined && !parameters.some(({ text }) => text === 'backup');
    return isServer ? [{ address, parameters }] : [];
  });
}

/** The effective weights: 0 for a server that is `down`, 1 where the file does not have one. */
export function unitsOf(servers: readonly UpstreamServer[]): SideUnits {
  return Object.fromEntries(
    servers.map(({ address, parameters }) => {
      const weight = parameters.find(isWeight)?.text.slice('weight='.length) ?? '1';
      return [address.text, parameters.some(isDown) ? 0 : Number(weight)];
    }),
  );
}

/**
 * The same text with other weights: nothing else moves, and a server without one becomes `down`, which nginx has in place of a weight of 0.
 */
export function withUnits(conf: string, servers: readonly UpstreamServer[], units: SideUnits): string {
  const edits = servers.flatMap((server) => editsFor(server, units[server.address.text] ?? 0, conf));
  return edits
    .toSorted((a, b) => b.from - a.from || b.to - a.to)
    .reduce((text, { from, to, text: replacement }) => text.slice(0, from) + replacement + text.slice(to), conf);
}

function editsFor({ address, parameters }: UpstreamServer, unit: number, conf: string): readonly Word[] {
  const [weight, down] = [parameters.find(isWeight), parameters.find(isDown)];
  if (unit === 0) return down === undefined ? [insertedAt((parameters.at(-1) ?? address).to, ' down')] : [];
  const text = `weight=${unit}`;
  return [
    weight === undefined ? insertedAt(address.to, ` ${text}`) : { ...weight, text },
    ...(down === undefined ? [] : [{ from: startOfBlanks(conf, down.from), to: down.to, text: '' }]),
  ];
}

const isWeight = ({ text }: Word) => text.startsWith('weight=');
const isDown = ({ text }: Word) => text === 'down';

const insertedAt = (place: number, text: string): Word => ({ from: place, to: place, text });

/** On the same line: the line before may end with a comment. */
const startOfBlanks = (text: string, end: number) => text.slice(0, end).replace(/[ \t]+$/, '').length;

/** A word of a configuration, with its place in the text. */
interface Word {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** A directive, with the content of its block if it has one. */
export interface Directive {
  readonly words: readonly Word[];
  readonly block?: readonly Directive[];
}

/**
 * Reads a configuration of nginx. Comments and blanks are not part of the result; words know their places, so that an edit keeps them.
 * Source: nginx, "Beginner's Guide", section "Configuration File's Structure".
 */
export function readDirectives(text: string): readonly Directive[] {
  const open: { words: readonly Word[]; inside: Directive[] }[] = [];
  let inside: Directive[] = [];
  let words: Word[] = [];
  for (const token of tokensOf(text)) {
    if (token.text === ';') inside.push({ words });
    else if (token.text === '{') {
      open.push({ words, inside });
      inside = [];
    } else if (token.text === '}') {
      const outer = open.pop();
      if (outer === undefined) break;
      outer.inside.push({ words: outer.words, block: inside });
      inside = outer.inside;
    } else {
      words.push(token);
      continue;
    }
    words = [];
  }
  return inside;
}

function* tokensOf(text: string): Generator<Word> {
  for (const match of text.matchAll(token)) {
    const word = match.groups?.['word'];
    if (word !== undefined) yield { text: unquoted(word), from: match.index, to: match.index + word.length };
  }
}

/** A comment; or a word: quoted, or up to the next blank, `;` or `{`, in which `${name}` is a variable. */
const token = /#[^\n]*|(?<word>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[;{}]|(?:\\.|\$\{|[^\s;{}\\])(?:\\.|\$\{[^}]*\}|[^\s;{\\])*)/gs;

const unquoted = (word: string) => (/^(["']).*\1$/s.test(word) ? word.slice(1, -1) : word);

/** All directives, also those in blocks. */
export function* walk(directives: readonly Directive[]): Generator<Directive> {
  for (const directive of directives) {
    yield directive;
    if (directive.block !== undefined) yield* walk(directive.block);
  }
}
