import { relpipeError } from '../../../errors/relpipe-error.ts';
import { FormFinder, hasForm, type Span } from './find-forms.ts';
import { secretForms, type SecretForm } from './secret-forms.ts';

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
 * Masks every value raw, in base64 (whatever is around it), base64url and hexadecimal, also where blanks or line ends cut these, escaped
 * for URL, HTML, JSON, shell and as a literal, and each line of one with several lines. Throws `REL_SECRET_TOO_SHORT`.
 */
export function createMask(secrets: Readonly<Record<string, string>>): Mask {
  const named = namedForms(secrets);
  if (named.length === 0) return { text: (text) => text, stream: openStream, find: () => undefined };
  const finder = new FormFinder(named.map(({ form }) => form));
  return {
    text: (text) => replace(text, finder.search(text).spans),
    stream: () => maskStream(finder),
    find: (text) => named.find(({ form }) => hasForm(text, form))?.name,
  };
}

interface NamedForm {
  readonly name: string;
  readonly form: SecretForm;
}

function namedForms(secrets: Readonly<Record<string, string>>): readonly NamedForm[] {
  return Object.entries(secrets).flatMap(([name, value]) => {
    if (!isMaskable(value)) throw relpipeError('REL_SECRET_TOO_SHORT', { secret: name, atLeast: minimumLength });
    return secretForms(value).filter(({ head, rest }) => isMaskable(head + rest)).map((form) => ({ name, form }));
  });
}

const openStream = (): MaskStream => ({ push: (chunk) => chunk, end: () => '' });

function maskStream(finder: FormFinder): MaskStream {
  let held = '';
  return {
    push(chunk) {
      const text = held + chunk;
      const { spans, unfinished } = finder.search(text);
      const cut = cutBefore(spans, unfinished);
      held = text.slice(cut);
      return replace(text.slice(0, cut), spans.filter((span) => span.to <= cut));
    },
    end() {
      const rest = replace(held, finder.search(held).spans);
      held = '';
      return rest;
    },
  };
}

/** The largest place up to which nothing that comes later can change the answer. */
function cutBefore(spans: readonly Span[], unfinished: number): number {
  let cut = unfinished;
  for (const span of spans.toReversed()) if (span.from < cut && span.to > cut) cut = span.from;
  return cut;
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
