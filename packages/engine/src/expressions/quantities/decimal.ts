/** A plain number as people write it: `12`, `-0.5`; nothing with an exponent, a unit or spaces. */
export const readNumber = (text: string): number | undefined => (/^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined);

/** Without an exponent, and without the noise of binary fractions: `0.3` for 0.1 + 0.2. */
export function printNumber(value: number): string {
  const rounded = Number(value.toPrecision(15));
  const text = String(Object.is(rounded, -0) ? 0 : rounded);
  return text.includes('e-') ? trimZeros(rounded.toFixed(20)) : text;
}

const trimZeros = (text: string): string => text.replace(/\.?0+$/, '');

/** Percent 0..100, duration in milliseconds, size in bytes; or what was probably meant. */
export type ParsedQuantity = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly likely: readonly string[] };
