/** A word of a configuration, with its place in the text. */
export interface Word {
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
