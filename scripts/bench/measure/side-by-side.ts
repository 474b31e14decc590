/** The measurements of both sides in one round. */
export interface Pair {
  readonly value: number;
  readonly peerValue: number;
}

type Measure<T> = () => Promise<T> | T;

/** Measures both sides alternately, so that other work on the machine slows both down. The first round warms up and is not counted. */
export async function sideBySide<A, B>(rounds: number, ours: Measure<A>, theirs: Measure<B>): Promise<(readonly [A, B])[]> {
  const measured: (readonly [A, B])[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const both = [await ours(), await theirs()] as const;
    if (round > 0) measured.push(both);
  }
  return measured;
}

/** `sideBySide` for sides that return one number. */
export async function pairs(rounds: number, ours: Measure<number>, theirs: Measure<number>): Promise<Pair[]> {
  return (await sideBySide(rounds, ours, theirs)).map(([value, peerValue]) => ({ value, peerValue }));
}
