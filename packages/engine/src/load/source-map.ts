import { isAlias, isMap, isNode, isScalar, isSeq, type Document, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Place } from '../errors/diagnostic.ts';
import type { Path } from './raw-pipeline.ts';

interface Found {
  readonly key?: Node;
  readonly value?: Node;
}

/** Finds the places of keys, values and stretches of strings in the source of a document. */
export class SourceMap {
  readonly #file: string;
  readonly #source: string;
  /** Offsets. The parser's own `LineCounter` misses line ends inside of what it cannot read. */
  readonly #lineStarts: readonly number[];
  readonly #document: Document | undefined;
  readonly #pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(file: string, source: string, document: Document | undefined) {
    this.#file = file;
    this.#source = source;
    this.#lineStarts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
    this.#document = document;
  }

  readonly placeOf = (path: Path): Place => {
    const { key, value } = this.#find(path);
    // A key without a value: the empty value is after the colon, where a caret would be under nothing.
    const empty = isScalar(value) && value.range?.[0] === value.range?.[1];
    if (empty && !key) return this.#placeBefore(value.range?.[0] ?? 0);
    return this.#placeOfNode(empty || !value ? (key ?? value) : value);
  };

  readonly placeOfKey = (path: Path): Place => {
    const { key, value } = this.#find(path);
    return this.#placeOfNode(key ?? value);
  };

  readonly placeInText = (path: Path, offset: number, length: number): Place => {
    const { value } = this.#find(path);
    if (!isScalar(value) || typeof value.value !== 'string' || !value.range) return this.placeOf(path);
    const [start, end] = value.range;
    const from = offsetInSource(this.#source.slice(start, end), value.value, offset, length);
    return from === undefined ? this.placeOf(path) : this.place(start + from, start + from + length);
  };

  readonly sourceTextOf = (path: Path): string | undefined => {
    const { value } = this.#find(path);
    return isScalar(value) && value.range ? this.#source.slice(value.range[0], value.range[1]) : undefined;
  };

  /** By offsets into the source; never longer than its line. */
  place(from: number, to: number): Place {
    const line = this.#lineOf(from);
    const start = this.#lineStarts[line - 1] ?? 0;
    const lineEnd = (this.#lineStarts[line] ?? this.#source.length + 1) - 1;
    return { file: this.#file, line, column: from - start + 1, length: Math.max(1, Math.min(to, lineEnd) - from) };
  }

  /** The number of the last line that starts at or before the offset. */
  #lineOf(offset: number): number {
    let [first, after] = [0, this.#lineStarts.length];
    while (after - first > 1) {
      const middle = Math.floor((first + after) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= offset) first = middle;
      else after = middle;
    }
    return first + 1;
  }

  /** Of the character before an empty item of a list: its dash or comma. */
  #placeBefore(offset: number): Place {
    const from = this.#source.slice(0, offset).trimEnd().length - 1;
    return this.place(Math.max(0, from), from + 1);
  }

  #placeOfNode(node: Node | undefined): Place {
    const [from, to] = node?.range ?? [0, 1];
    return this.place(from, to);
  }

  #find(path: Path): Found {
    let found: Found = isNode(this.#document?.contents) ? { value: this.#document.contents } : {};
    for (const part of path) {
      const inside = this.#inside(found.value, part);
      if (!inside) break;
      found = inside;
    }
    return found;
  }

  #inside(node: Node | undefined, part: string | number): Found | undefined {
    const whole = isAlias(node) && this.#document ? node.resolve(this.#document) : node;
    if (isSeq(whole)) {
      const item = whole.items[Number(part)];
      return isNode(item) ? { value: item } : undefined;
    }
    if (!isMap(whole)) return undefined;
    const pair = this.#pairsOf(whole).get(String(part));
    if (!pair) return undefined;
    return { ...(isNode(pair.key) && { key: pair.key }), ...(isNode(pair.value) && { value: pair.value }) };
  }

  /** By key, a later one replacing an earlier one; a mapping of thousands is searched thousands of times. */
  #pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known =
      this.#pairs.get(map) ?? new Map(map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [])));
    this.#pairs.set(map, known);
    return known;
  }
}

/** The place of a stretch of a string in its written form, which may be quoted, escaped, folded or indented. */
function offsetInSource(written: string, text: string, offset: number, length: number): number | undefined {
  const plain = written.indexOf(text);
  if (plain !== -1) return plain + offset;
  const stretch = text.slice(offset, offset + length);
  let place = -1;
  for (let at = text.indexOf(stretch); at !== -1 && at <= offset; at = text.indexOf(stretch, at + 1)) {
    place = written.indexOf(stretch, place + 1);
    if (place === -1) return undefined;
  }
  return place === -1 ? undefined : place;
}
