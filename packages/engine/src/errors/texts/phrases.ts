/** `a, b and c`. */
export function list(words: readonly string[], last = 'and'): string {
  const final = words.at(-1) ?? '';
  return words.length < 2 ? final : `${words.slice(0, -1).join(', ')} ${last} ${final}`;
}

/** `"a", "b" and "c"`. */
export const quoted = (words: readonly string[], last = 'and'): string => list(words.map((word) => `"${word}"`), last);

export const didYouMean = (close: readonly string[]): string | undefined =>
  close.length === 0 ? undefined : `Did you mean ${quoted(close, 'or')}?`;

/** As the beginning of a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
