/**
 * Functions of the library that are replaced: its `duration` cannot be multiplied or divided, and its `matches` is a backtracking
 * RegExp that one pattern can stop for minutes. Overloads cannot be removed from it, so the source is rewritten; equal lengths
 * keep every position in the source as it was.
 */
const standIns: Readonly<Record<string, string>> = { duration: 'timespan', matches: 're2find' };

/** What the environment calls a function of the language. */
export const standInFor = (name: string): string => (Object.hasOwn(standIns, name) ? (standIns[name] ?? name) : name);

/** Whether a name exists only for the engine. */
export const isStandIn = (name: string): boolean => Object.values(standIns).includes(name);

/** The names as the reader wrote them. */
export const withoutStandIns = (text: string): string =>
  Object.entries(standIns).reduce((result, [name, standIn]) => result.replaceAll(standIn, name), text);
