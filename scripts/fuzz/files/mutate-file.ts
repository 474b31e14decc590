import type { Random } from '../random.ts';
import { mutateData } from './mutate-data.ts';
import { oddCharacters, oddTokens } from './odd-texts.ts';

/** A file of the corpus, or a part of it. */
type Mutation = (text: string, random: Random, corpus: readonly string[]) => string;

/** Larger files would take the time of many small ones; `large-files.test.ts` measures how time grows with size. */
const largest = 60_000;

/** One of the corpus with one to three mutations. Bytes, because not every mutation leaves valid UTF-8. */
export function mutateFile(random: Random, corpus: readonly string[]): Uint8Array {
  let text = random.pick(corpus);
  for (let left = 1 + random.below(3); left > 0; left -= 1) text = random.pick(mutations)(text, random, corpus).slice(0, largest);
  return random.below(8) === 0 ? mutateBytes(Buffer.from(text), random) : Buffer.from(text);
}

/** A line of the text, by its number. */
const place = (text: string, random: Random): number => random.below(text.length + 1);

const insert = (text: string, at: number, inserted: string, removed = 0): string => text.slice(0, at) + inserted + text.slice(at + removed);

const onLines =
  (change: (lines: string[], at: number, random: Random, corpus: readonly string[]) => void): Mutation =>
  (text, random, corpus) => {
    const lines = text.split('\n');
    change(lines, random.below(lines.length), random, corpus);
    return lines.join('\n');
  };

const lineOf = (random: Random, text: string): string => random.pick(text.split('\n'));

const lineMutations: readonly Mutation[] = [
  onLines((lines, at, random) => lines.splice(at, 1 + random.below(3))),
  onLines((lines, at, random) => lines.splice(at, 0, ...Array.from({ length: 1 + random.below(300) }, () => lines[at] ?? ''))),
  onLines((lines, at, random) => {
    const other = random.below(lines.length);
    [lines[at], lines[other]] = [lines[other] ?? '', lines[at] ?? ''];
  }),
  onLines((lines, at, random) => (lines[at] = random.pick(['', ' ', '  ', '      ', '\t']) + (lines[at] ?? '').trimStart())),
  onLines((lines, at, random, corpus) => lines.splice(at, random.below(2), lineOf(random, random.pick(corpus)))),
  onLines((lines, at) => lines.splice(at, 2, lines.slice(at, at + 2).join(''))),
  (text, random) => text.replaceAll('\n', random.pick(['\r\n', '\r', '\n\n', '\u2028', '\u0085'])),
  (text, random) => text.slice(0, place(text, random)),
  (text, random) => text.slice(place(text, random)),
  (text, random, corpus) => text + random.pick(['', '\n---\n', '\n...\n']) + random.pick(corpus),
];

const tokenMutation: Mutation = (text, random, corpus) => {
  const tokens = text.match(/[\w.-]+|\s+|[^\w\s]/g) ?? [''];
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const at = random.below(tokens.length);
    const others = random.pick(corpus).match(/[\w.-]+|[^\w\s]/g) ?? [''];
    const replacement = random.pick([random.pick(oddTokens), random.pick(others), '', `${tokens[at] ?? ''}${tokens[at] ?? ''}`, tokens[random.below(tokens.length)] ?? '']);
    tokens[at] = replacement;
  }
  return tokens.join('');
};

const characterMutation: Mutation = (text, random) => {
  let mutated = text;
  for (let left = 1 + random.below(5); left > 0; left -= 1) {
    mutated = insert(mutated, place(mutated, random), random.pick([random.pick(oddCharacters), String.fromCharCode(random.below(0xd800)), '']), random.below(3));
  }
  return mutated;
};

/** Opened many times and sometimes closed: reading must not need a stack of that depth. */
const nests = [['[', ']'], ['{a: ', '}'], ['(', ')'], ['- ', ''], ['? ', ''], ['"${{ ', ' }}"'], ['!', ''], ['&a ', ''], ['> ', ''], ['size([', '])'], ['!(', ')'], ['a.', 'b']] as const;

const nestMutation: Mutation = (text, random) => {
  const [open, close] = random.pick(nests);
  const depth = random.pick([3, 30, 300, 3000]);
  const nested = random.below(4) === 0 ? open.repeat(depth) : `${open.repeat(depth)}1${close.repeat(depth)}`;
  const inside = random.pick([nested, `"\${{ ${nested} }}"`, `\n  when: ${JSON.stringify(nested)}`]);
  return insert(text, place(text, random), inside);
};

const indentMutation: Mutation = (text, random) => {
  const depth = random.pick([10, 100, 400]);
  const [before, step] = random.pick([['', ' '], ['    ', '  ']] as const);
  const lines = Array.from({ length: depth }, (_, i) => `${before}${step.repeat(i)}${random.pick(['a:', '- a:', '-', 'stages:'])}`);
  return onLines((all, at) => all.splice(at, 0, ...lines))(text, random, []);
};

/** Each alias stands for several of the one before. */
const aliasMutation: Mutation = (text, random) => {
  const count = random.pick([3, 10, 40]);
  const lists = Array.from({ length: count }, (_, i) => `a${String(i)}: &a${String(i)} [${Array.from({ length: 9 }, () => (i === 0 ? 'x' : `*a${String(i - 1)}`)).join(', ')}]`);
  return random.below(2) === 0 ? `${text}\n${lists.join('\n')}\n` : insert(text, place(text, random), random.pick(['*a', '&a', '<<: *a', `*a${String(count - 1)}`]));
};

const mutations: readonly Mutation[] = [
  ...lineMutations, tokenMutation, tokenMutation, tokenMutation, characterMutation, characterMutation, nestMutation, indentMutation, aliasMutation,
  mutateData, mutateData, mutateData, mutateData,
];

function mutateBytes(bytes: Buffer, random: Random): Uint8Array {
  const encoded = random.pick([() => bytes, () => bytes, () => Buffer.from(`\ufeff${bytes.toString()}`, 'utf16le'), () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes])])();
  if (encoded.length === 0) return encoded;
  for (let left = random.below(6); left > 0; left -= 1) {
    const at = random.below(encoded.length);
    encoded[at] = random.pick([random.below(256), (encoded[at] ?? 0) ^ (1 << random.below(8)), 0, 0xff, 0xc3, 0xed]);
  }
  return random.below(3) === 0 ? encoded.subarray(0, random.below(encoded.length + 1)) : encoded;
}
