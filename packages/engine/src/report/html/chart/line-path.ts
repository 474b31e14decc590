import type { Sample } from './downsample.ts';
import type { Plot } from './plot.ts';

/** The path of a line through samples, one stretch. */
export const linePath = (plot: Plot, samples: readonly Sample[]): string =>
  samples.map(({ at, value }, n) => `${n === 0 ? 'M' : 'L'}${round(plot.x(at))} ${round(plot.y(value))}`).join('');

/** The path of a value that stays until it is set anew, up to `until`. */
export const stepPath = (plot: Plot, samples: readonly Sample[], until: number): string =>
  samples
    .map(({ at, value }, n) => n === 0 ? `M${round(plot.x(at))} ${round(plot.y(value))}` : `H${round(plot.x(at))}V${round(plot.y(value))}`)
    .join('')
    .concat(`H${round(plot.x(until))}`);

const round = (pixels: number): number => Math.round(pixels * 10) / 10;
