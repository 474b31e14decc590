import type { Labels } from './exposition.ts';

/** The same text for the same labels, in whatever order they came: `code="200",method="get"`. */
export const seriesKey = (labels: Labels): string =>
  [...labels]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');
