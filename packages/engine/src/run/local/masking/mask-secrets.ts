import { relpipeError } from '../../../errors/relpipe-error.ts';
import { secretForms } from './secret-forms.ts';

/** What a reader sees in place of a secret. */
const maskText = '***';

/** Shorter secrets are refused: masking them would mask every other word, and show by that what they are. */
const minimumLength = 4;

export const isMaskable = (value: string): boolean => value.trim().length >= minimumLength;

/** Masks a text that comes in pieces; what could be the start of a secret is held back until that is known. */
export interface MaskStream {
  push(chunk: string): string;
  /** The text that was held until now, masked. */
  end(): string;
}

/** Knows the values of the run's secrets. */
export interface Mask {
  text(text: string): string;
  stream(): MaskStream;
  /** The name of a secret whose value, in any encoding, is in the text. */
  find(text: string): string | undefined;
}

/**
 * Masks every value raw, in base64 (whatever is around it), base64url, hexadecimal, URL-encoded, JSON-escaped and shell-quoted, and each
 * line of one with several lines. Throws `REL_SECRET_TOO_SHORT`.
 */
export function createMask(secrets: Readonly<Record<string, string>>): Mask {
  const names = formsByText(secrets);
  const forms = [...names.keys()];
  return {
    text: (text) => (forms.length === 0 ? text : replace(text, findSpans(text, forms))),
    stream: () => (forms.length === 0 ? openStream() : maskStream(forms)),
    find: (text) => names.get(forms.find((form) => text.includes(form)) ?? ''),
  };
}

function formsByText(secrets: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(secrets)) {
    if (!isMaskable(value)) throw relpipeError('REL_SECRET_TOO_SHORT', { secret: name, atLeast: minimumLength });
    for (const form of secretForms(value)) if (isMaskable(form)) names.set(form, name);
  }
  return names;
}

const openStream = (): MaskStream => ({ push: (chunk) => chunk, end: () => '' });

function maskStream(forms: readonly string[]): MaskStream {
  let held = '';
  return {
    push(chunk) {
      const text = held + chunk;
      const spans = findSpans(text, forms);
      const cut = cutBefore(text, spans, forms);
      held = text.slice(cut);
      return replace(text.slice(0, cut), spans.filter((span) => span.to <= cut));
    },
    end() {
      const rest = replace(held, findSpans(held, forms));
      held = '';
      return rest;
    },
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where secrets are, in order; those that overlap are one. */
function findSpans(text: string, forms: readonly string[]): readonly Span[] {
  const found: Span[] = [];
  for (const form of forms) {
    for (let from = text.indexOf(form); from !== -1; from = text.indexOf(form, from + 1)) found.push({ from, to: from + form.length });
  }
  return found.length < 2 ? found : joinOverlapping(found.sort((a, b) => a.from - b.from));
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

/** The largest place up to which nothing that comes later can change the answer. */
function cutBefore(text: string, spans: readonly Span[], forms: readonly string[]): number {
  let cut = startOfUnfinished(text, forms);
  for (const span of spans.toReversed()) if (span.from < cut && span.to > cut) cut = span.from;
  return cut;
}

/** Where the longest end of the text starts that a form could start with. */
function startOfUnfinished(text: string, forms: readonly string[]): number {
  let start = text.length;
  for (const form of forms) {
    for (let at = Math.max(0, text.length - form.length + 1); at < start; at += 1) {
      if (form.startsWith(text.slice(at))) start = at;
    }
  }
  return start;
}

function replace(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let masked = '';
  let at = 0;
  for (const { from, to } of spans) {
    masked += text.slice(at, from) + maskText;
    at = to;
  }
  return masked + text.slice(at);
}
