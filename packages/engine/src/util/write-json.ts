/**
 * `JSON.stringify` of plain data, whatever a plugin or a library has added to the prototype of all objects: a record that is written by a
 * `toJSON` of theirs could not be read again.
 */
export const writeJson = (value: unknown): string => ('toJSON' in Array.prototype ? writeOwn(value) : JSON.stringify(value));

function writeOwn(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${Array.from(value, (one: unknown) => writeOwn(one ?? null)).join()}]`;
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${fields.map(([name, one]) => `${JSON.stringify(name)}:${writeOwn(one)}`).join()}}`;
}
