import { median } from './median.ts';
import type { Pair } from './side-by-side.ts';
import { tell } from './tell.ts';

/** One line of the benchmark. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is held against, in the same run. */
  readonly peer: string;
  readonly peerValue: number;
  /** Median of `value / peerValue`, round by round. */
  readonly ratio: number;
  readonly target: number;
  readonly better: 'lower' | 'higher';
}

export type Wanted = Pick<Figure, 'name' | 'unit' | 'peer' | 'target' | 'better'>;

/** Medians over the rounds; says on standard error how far they lie apart. */
export function figureOf(wanted: Wanted, pairs: readonly Pair[]): Figure {
  const ratios = pairs.map(({ value, peerValue }) => value / peerValue);
  const figure = {
    name: wanted.name,
    value: round(median(pairs.map(({ value }) => value))),
    unit: wanted.unit,
    peer: wanted.peer,
    peerValue: round(median(pairs.map(({ peerValue }) => peerValue))),
    ratio: round(median(ratios)),
    target: wanted.target,
    better: wanted.better,
  };
  const isMet = wanted.better === 'lower' ? figure.ratio <= figure.target : figure.ratio >= figure.target;
  const spread = `${round(Math.min(...ratios))} to ${round(Math.max(...ratios))} in ${pairs.length} rounds`;
  tell(`  ${figure.name}: ${figure.ratio} (${spread}; target ${figure.target}, ${figure.better} is better): ${isMet ? 'met' : 'missed'}`);
  return figure;
}

const round = (n: number): number => Number(n.toPrecision(4));
