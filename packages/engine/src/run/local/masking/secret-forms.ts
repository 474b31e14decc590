import { escapedForms } from './escaped-forms.ts';

/** A text to look for: `head` as it is, then the characters of `rest`, between which may be some of `gaps`. */
export interface SecretForm {
  readonly head: string;
  readonly rest: string;
  readonly gaps: string;
}

/** Every way in which a secret's value may turn up in a text. */
export function secretForms(value: string): readonly SecretForm[] {
  const parts = [...partsOf(value)];
  const plain = new Set(parts.flatMap((part) => [...escapedForms(part)]));
  const base64 = new Set(parts.flatMap(base64Forms));
  const hex = new Set(parts.flatMap(hexForms));
  // What is not in the alphabet of a URL or of PHP's JSON is escaped there.
  for (const form of base64) for (const escaped of [encodeURIComponent(form), form.replaceAll('/', String.raw`\/`)]) if (escaped !== form) plain.add(escaped);
  return [...[...plain].map((head) => ({ head, rest: '', gaps: '' })), ...[...base64].flatMap(wrapped), ...[...hex].flatMap(separated)];
}

/** A reader sees a text line by line, so each line of the value counts; and people paste values with a line end too much. */
const partsOf = (value: string): ReadonlySet<string> =>
  new Set([value, value.trim(), ...value.split(/\r?\n/).map((line) => line.trim())].filter((part) => part !== ''));

/**
 * The characters of the value's base64 that do not depend on its neighbours, for each of the three places at which it can start
 * in a group of three bytes (RFC 4648, sections 4 and 5).
 */
function base64Forms(value: string): readonly string[] {
  const bytes = Buffer.from(value, 'utf8');
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    const own = text.slice(from, to);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** As `xxd -p` and `openssl` print bytes. */
function hexForms(value: string): readonly string[] {
  const small = Buffer.from(value, 'utf8').toString('hex');
  return [small, small.toUpperCase()];
}

const blanks = ' \t\r\n';

/** So many characters stand together: were a gap allowed behind the first one, every other line would wait for the next one. */
const headLength = 4;

/** A shorter rest of an encoding may be an ordinary word or number. */
const shortestRest = 12;

/** `base64` breaks lines at 76 characters, `openssl` at 64; the first line end may be just behind the start, and then the rest is found. */
const wrapped = (form: string): readonly SecretForm[] =>
  withoutStart(form).map((text) => ({ head: text.slice(0, headLength), rest: text.slice(headLength), gaps: blanks }));

/** `xxd -p` breaks lines at 60; `od` writes blanks between bytes, `openssl` colons, .NET dashes, and lists have commas. */
const separated = (form: string): readonly SecretForm[] =>
  withoutStart(form).flatMap((text) =>
    ['', ' ', ':', '-', ',', ', '].map((gap) => ({
      head: `${text.slice(0, headLength / 2)}${gap}${text.slice(headLength / 2, headLength)}`,
      rest: text.slice(headLength),
      gaps: `${blanks}:,-`,
    })),
  );

const withoutStart = (form: string): readonly string[] => (form.length < headLength + shortestRest ? [form] : [form, form.slice(headLength)]);
