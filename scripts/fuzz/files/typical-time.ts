export interface Measured {
  readonly n: number;
  /** In bytes. */
  readonly size: number;
  readonly userMs: number;
}

/** Fewer are no measure of what is usual. */
const fewest = 30;

/** The median user CPU time of the files whose size is nearest, at least 30 of them. Sizes that differ by less than a half count as equal. */
export function medianFor(measured: readonly Measured[]): (size: number) => number {
  const classes = Map.groupBy(measured, ({ size }) => classOf(size));
  const medians = new Map<number, number>();
  const medianOf = (wanted: number): number => {
    for (let near = 0, times: number[] = []; ; near += 1) {
      times = [...Array(2 * near + 1).keys()].flatMap((i) => (classes.get(wanted - near + i) ?? []).map(({ userMs }) => userMs));
      if (times.length >= Math.min(fewest, measured.length)) return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
    }
  };
  return (size) => {
    const wanted = classOf(size);
    const median = medians.get(wanted) ?? medianOf(wanted);
    medians.set(wanted, median);
    return median;
  };
}

const classOf = (size: number): number => Math.floor(Math.log2(size + 1) * 2);
