/** Percent 0..100, duration in milliseconds, size in bytes; or what was probably meant. */
export type ParsedQuantity =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly likely: readonly string[] };
