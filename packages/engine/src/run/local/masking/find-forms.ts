import type { SecretForm } from './secret-forms.ts';

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Found {
  /** Where the forms are, in order; those that overlap are one. */
  readonly spans: readonly Span[];
  /** Where the longest end of the text starts that a form could start with. */
  readonly unfinished: number;
}

/** Blanks behind a form's start are held back while more of it may come, so there must be an end to them. */
const longestGap = 64;

/** Finds forms in texts. Each is looked for by its head, so a text without any is searched at the speed of `indexOf`. */
export class FormFinder {
  readonly #forms: readonly SecretForm[];
  readonly #headsByStart: ReadonlyMap<string, readonly string[]>;
  readonly #longestHead: number;

  constructor(forms: readonly SecretForm[]) {
    this.#forms = forms;
    const heads = [...new Set(forms.map(({ head }) => head))];
    this.#headsByStart = Map.groupBy(heads, (head) => head.charAt(0));
    this.#longestHead = Math.max(0, ...heads.map(({ length }) => length));
  }

  search(text: string): Found {
    const spans: Span[] = [];
    let unfinished = this.#startOfHead(text);
    for (const form of this.#forms) {
      for (let from = text.indexOf(form.head); from !== -1; from = text.indexOf(form.head, from + 1)) {
        const to = endOfForm(text, from, form);
        if (to === 'unfinished') unfinished = Math.min(unfinished, from);
        else if (to !== 'none') spans.push({ from, to });
      }
    }
    return { spans: joinOverlapping(spans.sort((a, b) => a.from - b.from)), unfinished };
  }

  /** Where the text ends with a part of a head. */
  #startOfHead(text: string): number {
    for (let at = Math.max(0, text.length - this.#longestHead + 1); at < text.length; at += 1) {
      const heads = this.#headsByStart.get(text.charAt(at));
      if (heads === undefined) continue;
      const end = text.slice(at);
      if (heads.some((head) => head.length > end.length && head.startsWith(end))) return at;
    }
    return text.length;
  }
}

export function hasForm(text: string, form: SecretForm): boolean {
  for (let from = text.indexOf(form.head); from !== -1; from = text.indexOf(form.head, from + 1)) {
    if (typeof endOfForm(text, from, form) === 'number') return true;
  }
  return false;
}

function endOfForm(text: string, from: number, { head, rest, gaps }: SecretForm): number | 'unfinished' | 'none' {
  let at = from + head.length;
  for (let next = 0, gap = 0; next < rest.length; at += 1) {
    if (at === text.length) return 'unfinished';
    if (text[at] === rest[next]) {
      next += 1;
      gap = 0;
    } else if (gap < longestGap && gaps.includes(text.charAt(at))) gap += 1;
    else return 'none';
  }
  return at;
}

function joinOverlapping(sorted: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && span.from < last.to) joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else joined.push(span);
  }
  return joined;
}
