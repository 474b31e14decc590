/**
 * The keys by which a plan, or a configuration before the run, marks an expression, a template, a secret and a value that is known later.
 * Data that contains one would be taken for what it marks, so it is refused where data enters: in the file, in inputs, in the values of
 * expressions, and in outputs and saved states.
 */
const reservedKeys: ReadonlySet<string> = new Set(['$expr', '$text', '$secret', '$later']);

/** The paths of all reserved keys in a value, at any depth. */
export function reservedKeysIn(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, place) => reservedKeysIn(item, [...path, place]));
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(reservedKeys.has(key) ? [[...path, key]] : []),
    ...reservedKeysIn(inner, [...path, key]),
  ]);
}

/** What is wrong with a value that contains a reserved key; undefined when it contains none. */
export function reservedKeyProblem(value: unknown): string | undefined {
  const key = reservedKeysIn(value)[0]?.at(-1);
  return key === undefined ? undefined : `it contains the key "${key}", which is reserved`;
}
