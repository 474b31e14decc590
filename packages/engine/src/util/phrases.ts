/** `a, b and c`. */
export function list(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  const final = words.at(-1) ?? '';
  return words.length < 2 ? final : `${words.slice(0, -1).join(', ')} ${last} ${final}`;
}

/** `"a", "b" and "c"`. */
export const quoted = (words: readonly string[], last: 'and' | 'or' = 'and'): string =>
  list(
    words.map((word) => `"${word}"`),
    last,
  );

/** `a, b and 3 more`. */
export const listed = (words: readonly string[], most = 5): string =>
  words.length <= most ? words.join(', ') : `${words.slice(0, most).join(', ')} and ${words.length - most} more`;

/** The question after a name that is not known; undefined when no known name is close. */
export const didYouMean = (close: readonly string[]): string | undefined =>
  close.length === 0 ? undefined : `Did you mean ${quoted(close, 'or')}?`;

/** The message of any thrown value, also of one that cannot be turned into text. */
export function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return 'a value that cannot be shown as text';
  }
}

const maximumLength = 10_000;

/** At most 10,000 characters of a text of unknown origin, and how many more there were. */
export const shorten = (text: string): string =>
  text.length <= maximumLength ? text : `${text.slice(0, maximumLength)} … (${String(text.length - maximumLength)} more characters)`;

/** As the start of a sentence. */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** `1 sample`, `2 samples`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** `a step`, `an integer`. */
export const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
