/**
 * Keys in the order in which they came, each once. As a `Set`, but finding the first key costs the same after many were taken out: a
 * `Set` walks over the places they left, and a stage may have a hundred thousand steps.
 */
export class KeyQueue implements Iterable<string> {
  readonly #keys: (string | undefined)[] = [];
  readonly #places = new Map<string, number>();
  #first = 0;

  add(key: string): void {
    if (this.#places.has(key)) return;
    this.#places.set(key, this.#keys.length);
    this.#keys.push(key);
  }

  delete(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    this.#keys[place] = undefined;
    while (this.#first < this.#keys.length && this.#keys[this.#first] === undefined) this.#first += 1;
    if (this.#first < this.#keys.length) return;
    this.#keys.length = 0;
    this.#first = 0;
  }

  *[Symbol.iterator](): Iterator<string> {
    for (let place = this.#first; place < this.#keys.length; place += 1) {
      const key = this.#keys[place];
      if (key !== undefined) yield key;
    }
  }
}
