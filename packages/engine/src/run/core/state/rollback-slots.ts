/**
 * The slots of a run that limits how many rollbacks run at once. A rollback that returns traffic never waits for one and takes none, and
 * neither does any rollback that has to come before it. The others wait in the order of a rollback: the last of the plan is the first.
 */
export class RollbackSlots {
  readonly limit: number;
  /** The units that return traffic, and everything that has to be rolled back before them. */
  readonly #unlimited: ReadonlySet<string>;
  /** The place of the last step of each unit in the plan. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #taken = new Set<string>();
  /** Units without a slot, in the order of the plan. */
  readonly #waiting: string[] = [];

  constructor(limit: number, unlimited: ReadonlySet<string>, places: ReadonlyMap<string, number>) {
    this.limit = limit;
    this.#unlimited = unlimited;
    this.#places = places;
  }

  get taken(): number {
    return this.#taken.size;
  }

  isUnlimited(unit: string): boolean {
    return this.#unlimited.has(unit);
  }

  take(unit: string): void {
    if (!this.isUnlimited(unit)) this.#taken.add(unit);
  }

  free(unit: string): void {
    this.#taken.delete(unit);
  }

  /** The unit starts as soon as a slot is free. */
  wait(unit: string): void {
    const place = this.#placeAmongWaiting(unit);
    if (this.#waiting[place] !== unit) this.#waiting.splice(place, 0, unit);
  }

  /** Takes the next waiting unit out of the line. */
  next(): string | undefined {
    return this.#waiting.pop();
  }

  #placeAmongWaiting(unit: string): number {
    const place = this.#placeOf(unit);
    let [from, to] = [0, this.#waiting.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#placeOf(this.#waiting[middle] ?? '') < place) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #placeOf(unit: string): number {
    return this.#places.get(unit) ?? -1;
  }
}
