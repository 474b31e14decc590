/** Commands of the language that are not built yet: refused by name, never taken for a typing error. */
export const notBuiltYet: readonly string[] = [
  'install',
  'init',
  'pause',
  'skip-hold',
  'rollback',
  'schema',
  'explain',
  'audit',
  'stats',
  'serve',
  'ui',
  'doctor',
];
