const infinity = /^([+-]?)inf(inity)?$/i;
const notANumber = /^[+-]?nan$/i;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A number as Prometheus and OpenMetrics write it (`12`, `1.5e+06`, `NaN`, `+Inf`), or undefined. */
export function parseNumber(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  if (notANumber.test(text)) return Number.NaN;
  const sign = infinity.exec(text)?.[1];
  if (sign === undefined) return undefined;
  return sign === '-' ? -Infinity : Infinity;
}
