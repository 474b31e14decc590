/** Keys of the language that this version does not obey: refused by name, never ignored. */
export const notBuiltYet: ReadonlySet<string> = new Set([
  'choose',
  'concurrency',
  'labels',
  'pipeline',
  'runs-on',
  'ways-back',
]);
