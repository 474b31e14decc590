/** How programs write a text inside another language. Each writer gets the plain text; several may give the same answer. */
export function escapedForms(value: string): ReadonlySet<string> {
  const json = jsonWriters.flatMap((write) => {
    const once = write(value);
    return [once, write(once), quoteJson(once)];
  });
  const others = [...htmlWriters, ...shellWriters, ...literalWriters].map((write) => write(value));
  return new Set([value, ...json, ...urlForms(value), ...others]);
}

type Writer = (text: string) => string;

/** Replaces each of the characters by what the table says. */
const replacing = (table: Readonly<Record<string, string>>): Writer => {
  const characters = new RegExp(`[${Object.keys(table).join('').replace(/[\\\]^-]/g, String.raw`\$&`)}]`, 'g');
  return (text) => text.replace(characters, (character) => table[character] ?? character);
};

const hex4 = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0');

const quoteJson: Writer = (text) => JSON.stringify(text).slice(1, -1);
const escapeUnicode: Writer = (text) => text.replace(/[^\0-~]/g, (character) => `\\u${hex4(character)}`);
const escapeSlashes = replacing({ '/': String.raw`\/` });
const escapeForHtml: Writer = (text) => text.replace(/[&<>\u2028\u2029]/g, (character) => `\\u${hex4(character)}`);
const escapeEquals: Writer = (text) => text.replace(/[&<>=']/g, (character) => `\\u${hex4(character)}`);

/** JavaScript and Rust; Go; PHP; Python; PHP and Python with what the others escape; Gson; .NET. */
const jsonWriters: readonly Writer[] = [
  quoteJson,
  (text) => escapeForHtml(quoteJson(text)),
  (text) => escapeSlashes(quoteJson(text)),
  (text) => escapeUnicode(quoteJson(text)),
  (text) => escapeUnicode(escapeSlashes(quoteJson(text))),
  (text) => escapeUnicode(escapeForHtml(quoteJson(text))),
  (text) => escapeEquals(quoteJson(text)),
  (text) => quoteJson(text).replaceAll(String.raw`\"`, '"').replace(/["&'+<>`]|[^\0-~]/g, (character) => `\\u${hex4(character).toUpperCase()}`),
];

/** encodeURIComponent leaves `!'()*` alone, others do not; many leave `/` alone; forms write a space as `+`; hexadecimal digits may be small. */
function urlForms(value: string): readonly string[] {
  const text = value.toWellFormed();
  const plain = encodeURIComponent(text);
  const strict = plain.replace(/[!'()*]/g, (character) => `%${hex4(character).slice(2).toUpperCase()}`);
  const forms = [plain, strict, plain.replaceAll('%2F', '/'), strict.replaceAll('%2F', '/'), strict.replaceAll('~', '%7E'), encodeURI(text)];
  const small = (form: string): string => form.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
  return [...forms.flatMap((form) => [form, form.replaceAll('%20', '+')]).flatMap((form) => [form, small(form)]), encodeURIComponent(plain)];
}

const tags = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A text between tags; attributes; Lodash and PHP; Python; XML; Go; templates of Mustache and Handlebars. */
const htmlWriters: readonly Writer[] = [
  replacing(tags),
  replacing({ ...tags, '"': '&quot;' }),
  replacing({ ...tags, '"': '&quot;', "'": '&#39;' }),
  replacing({ ...tags, '"': '&quot;', "'": '&#039;' }),
  replacing({ ...tags, '"': '&quot;', "'": '&#x27;' }),
  replacing({ ...tags, '"': '&quot;', "'": '&apos;' }),
  replacing({ ...tags, '"': '&#34;', "'": '&#39;' }),
  replacing({ ...tags, '"': '&#34;', "'": '&#39;', '+': '&#43;' }),
  replacing({ ...tags, '"': '&quot;', "'": '&#39;', '/': '&#x2F;', '`': '&#x60;', '=': '&#x3D;' }),
  replacing({ ...tags, '"': '&quot;', "'": '&#x27;', '`': '&#x60;', '=': '&#x3D;' }),
];

/** `set -x`; Python's shlex; `printf %q`; Ruby's shellescape; inside double quotes. */
const shellWriters: readonly Writer[] = [
  replacing({ "'": String.raw`'\''` }),
  replacing({ "'": `'"'"'` }),
  (text) => text.replace(/[\s'"\\|&;()<>!{}*[\]?^$`,]/g, String.raw`\$&`),
  (text) => text.replace(/[^\w.,:+/@-]/g, String.raw`\$&`),
  (text) => text.replace(/["\\$`]/g, String.raw`\$&`),
];

const control = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

/** A literal in single or in double quotes, as Python's repr and JavaScript write it; SQL and YAML; CSV. */
const literalWriters: readonly Writer[] = [
  replacing({ ...control, '\\': String.raw`\\` }),
  replacing({ ...control, '\\': String.raw`\\`, "'": String.raw`\'` }),
  replacing({ "'": "''" }),
  replacing({ '"': '""' }),
];
