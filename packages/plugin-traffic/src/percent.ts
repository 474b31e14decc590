/** As it is written in the file, with at most four decimals: `10%`, `33.3333%`. */
export const printPercent = (percent: number) => `${roundPercent(percent)}%`;

/** Four decimals are what routers keep apart; sums stay exact. */
export const roundPercent = (percent: number) => Number(percent.toFixed(4));
