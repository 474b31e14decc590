import type { Pair } from './side-by-side.ts';

/** One line of the benchmark. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The program or the budget that the value is compared with. */
  readonly peer: string;
  readonly peerValue: number;
  /** Median of `value / peerValue` over the rounds. */
  readonly ratio: number;
  /** The limit of the ratio; absent when the figure is only information. */
  readonly target?: number;
  readonly better: 'lower' | 'higher';
}

export type FigureDefinition = Pick<Figure, 'name' | 'unit' | 'peer' | 'target' | 'better'>;

/** The medians over the rounds; prints their spread on standard error. */
export function figureOf({ name, unit, peer, target, better }: FigureDefinition, pairs: readonly Pair[]): Figure {
  const ratios = pairs.map(({ value, peerValue }) => value / peerValue);
  const figure = {
    name,
    value: round(median(pairs.map(({ value }) => value))),
    unit,
    peer,
    peerValue: round(median(pairs.map(({ peerValue }) => peerValue))),
    ratio: round(median(ratios)),
    ...(target !== undefined && { target }),
    better,
  };
  const spread = `${round(Math.min(...ratios))} to ${round(Math.max(...ratios))} in ${pairs.length} rounds`;
  log(`  ${name}: ${figure.ratio} (${spread}; ${verdictOf(figure)})`);
  return figure;
}

function verdictOf({ ratio, target, better }: Figure): string {
  if (target === undefined) return 'information, without a target';
  const isMet = better === 'lower' ? ratio <= target : ratio >= target;
  return `target ${target}, ${better} is better: ${isMet ? 'met' : 'missed'}`;
}

const round = (n: number): number => Number(n.toPrecision(4));

/** The middle value; for an even number of values the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error('There is no median of an empty list.');
  return (low + high) / 2;
}

/** Prints a line for people; standard output is for figures only. */
export const log = (line: string): void => console.error(line);
