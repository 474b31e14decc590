/** The way in which the shell reads the place of an expression. */
export type ShellPlace = 'plain' | 'double' | 'single' | 'comment' | { readonly unsure: string };

type Context = 'plain' | 'double' | 'single' | 'ansi' | 'comment' | 'parameter' | 'arithmetic' | 'backtick' | 'group';

/** Follows a script of POSIX shell or bash, as far as quoting goes; a place that it does not understand is unsure. */
export class ShellReader {
  readonly #contexts: Context[] = ['plain'];
  #line = '';
  /** Delimiters of here-documents that start on the next line. */
  readonly #documents: string[] = [];
  #document: string | undefined;
  #isLost = false;

  /** Reads on to the next expression, or to the end. */
  read(text: string): ShellPlace {
    let at = 0;
    while (at < text.length) at += this.#step(text, at);
    return this.#place();
  }

  /** The expression itself: it is one word to the shell. */
  passExpression(): void {
    this.#line += '_';
  }

  #step(text: string, at: number): number {
    const char = text.charAt(at);
    if (char === '\n') return this.#endLine();
    const length = this.#document === undefined ? this.#stepInside(text, at, char) : 1;
    this.#line += text.slice(at, at + length);
    return length;
  }

  #stepInside(text: string, at: number, char: string): number {
    const context = this.#contexts.at(-1);
    if (context === 'comment') return 1;
    if (context === 'single') return char === "'" ? this.#leave() : 1;
    if (char === '\\') return text[at + 1] === '\n' || at + 1 === text.length ? 1 : 2;
    if (context === 'ansi') return char === "'" ? this.#leave() : 1;
    if (char === '`') return context === 'backtick' ? this.#leave() : this.#enter('backtick');
    if (char === '$') return this.#stepDollar(text, at);
    if (char === '"') return context === 'double' ? this.#leave() : this.#enter('double');
    if (context === 'double') return 1;
    if (context === 'parameter') return char === '}' ? this.#leave() : 1;
    if (context === 'arithmetic') return text.startsWith('))', at) ? this.#leave(2) : 1;
    return this.#stepCommand(text, at, char);
  }

  #stepDollar(text: string, at: number): number {
    if (text.startsWith('$((', at)) return this.#enter('arithmetic', 3);
    if (text.startsWith('$(', at)) return this.#enter('group', 2);
    if (text.startsWith('${', at)) return this.#enter('parameter', 2);
    return text.startsWith("$'", at) && this.#contexts.at(-1) !== 'double' ? this.#enter('ansi', 2) : 1;
  }

  #stepCommand(text: string, at: number, char: string): number {
    if (char === "'") return this.#enter('single');
    if (char === '#' && /(^|[\s;&|(])$/.test(this.#line)) return this.#enter('comment');
    if (text.startsWith('((', at)) return this.#enter('arithmetic', 2);
    if (char === '(') return this.#enter('group');
    if (char === ')') return this.#stepClosing();
    if (text.startsWith('<<<', at)) return 3;
    return text.startsWith('<<', at) ? this.#noteDocument(text, at) : 1;
  }

  /** The `)` of a `case` pattern does not end what is around it: nothing after it is certain. */
  #stepClosing(): number {
    if (this.#contexts.at(-1) !== 'group') return 1;
    if (/(^|[\s;&|(])case\s/.test(this.#line)) this.#isLost = true;
    return this.#leave();
  }

  #noteDocument(text: string, at: number): number {
    const found = /^<<-?\s*\\?(['"]?)([^\s'"|&;()<>]+)\1/.exec(text.slice(at));
    this.#documents.push(found?.[2] ?? '');
    return found?.[0].length ?? 2;
  }

  #endLine(): number {
    if (this.#contexts.at(-1) === 'comment') this.#leave();
    const isEnd = this.#document !== undefined && this.#line.trim() === this.#document;
    if (isEnd || this.#document === undefined) this.#document = this.#documents.shift();
    const continues = this.#document === undefined && (this.#isQuoted() || /(^|[^\\])\\$/.test(this.#line));
    this.#line = continues ? `${this.#line} ` : '';
    return 1;
  }

  #isQuoted(): boolean {
    return this.#contexts.some((context) => context === 'double' || context === 'single' || context === 'ansi');
  }

  #place(): ShellPlace {
    if (this.#isLost) return { unsure: 'the text after a `case` inside $(…)' };
    if (this.#document !== undefined) return { unsure: 'a here-document' };
    if (this.#line.endsWith('\\') && !this.#line.endsWith('\\\\')) return { unsure: 'a place after a backslash' };
    if (readsAgain.test(this.#line)) return { unsure: 'a script for another interpreter' };
    if (/\[\[.*\s-(eq|ne|lt|le|gt|ge)\s/.test(this.#line)) return { unsure: 'an arithmetic comparison' };
    if (this.#contexts.includes('backtick')) return { unsure: 'backticks' };
    if (this.#contexts.includes('arithmetic')) return { unsure: 'an arithmetic expression' };
    if (this.#contexts.includes('parameter')) return { unsure: 'a ${…} of the shell' };
    const context = this.#contexts.at(-1);
    if (context === 'ansi') return { unsure: "a $'…' string" };
    return context === 'double' || context === 'single' || context === 'comment' ? context : 'plain';
  }

  #enter(context: Context, length = 1): number {
    this.#contexts.push(context);
    return length;
  }

  #leave(length = 1): number {
    this.#contexts.pop();
    return length;
  }
}

/** Commands that take a script as an argument: a value inside it would be read as a part of that script. */
const readsAgain = /(^|[\s;&|(])(eval|ssh|(?:ba|da|z|k)?sh\s+(?:-\S+\s+)*-\w*c|su\s.*-c|python3?\s+-c|node\s+-e|perl\s+-e|awk|sed)(\s|$)/;
