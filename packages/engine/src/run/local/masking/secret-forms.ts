/** Every way in which a secret's value may turn up in a text. */
export function secretForms(value: string): ReadonlySet<string> {
  const forms = new Set<string>();
  for (const part of partsOf(value)) {
    for (const form of [part, ...base64Forms(part), ...hexForms(part), ...urlForms(part), jsonForm(part), shellForm(part)]) forms.add(form);
  }
  return forms;
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

/** encodeURIComponent leaves `!'()*` alone, others do not; forms write a space as `+`; hexadecimal digits may be small. */
function urlForms(value: string): readonly string[] {
  const plain = encodeURIComponent(value.toWellFormed());
  const strict = plain.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return [plain, strict].flatMap((text) => {
    const form = text.replaceAll('%20', '+');
    return [text, form, ...[text, form].map((upper) => upper.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()))];
  });
}

const jsonForm = (value: string): string => JSON.stringify(value).slice(1, -1);

/** As `set -x` prints it. */
const shellForm = (value: string): string => value.replaceAll("'", String.raw`'\''`);
