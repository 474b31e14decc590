import type { Ms } from '../../../model/ms.ts';
import type { Clock } from '../../text/clock-text.ts';

/** The time that all charts of a page share, and how its moments are written. */
export interface ChartTime {
  readonly from: Ms;
  readonly to: Ms;
  readonly clock: Clock;
  /** Name of the time zone. */
  readonly zone: string;
}

/** The area in which a chart draws, in pixels of its view box. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  x(at: Ms): number;
  y(value: number): number;
}

export const chartWidth = 1000;
const margin = { left: 62, right: 116 };

/** Pixels that the time axis has. */
export const plotWidth = chartWidth - margin.left - margin.right;

export function plotOf(time: ChartTime, top: number, bottom: number, low: number, high: number): Plot {
  const span = Math.max(1, time.to - time.from);
  const rise = high - low || 1;
  return {
    left: margin.left,
    right: chartWidth - margin.right,
    top,
    bottom,
    x: (at) => margin.left + ((Math.min(time.to, Math.max(time.from, at)) - time.from) / span) * plotWidth,
    y: (value) => bottom - ((Math.min(high, Math.max(low, value)) - low) / rise) * (bottom - top),
  };
}
