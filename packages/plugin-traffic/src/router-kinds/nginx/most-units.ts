/** Enough for four decimals of a percent. */
export const mostUnits = 1_000_000;
