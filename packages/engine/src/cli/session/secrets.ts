import { relpipeError } from '../../errors/relpipe-error.ts';

/** The values of declared secrets, from the environment. An empty one counts as missing. */
export function readSecrets(names: readonly string[], env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const missing = names.filter((name) => !env[name]);
  if (missing.length > 0) throw relpipeError('REL_SECRETS_MISSING', { names: missing });
  return Object.fromEntries(names.map((name) => [name, env[name] ?? '']));
}
