import { relpipeError } from '../../errors/relpipe-error.ts';

/** The values of declared secrets, from the environment. An empty one counts as missing. Throws `REL_SECRETS_MISSING`. */
export function readSecrets(names: readonly string[], env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const missing = names.filter((name) => !env[name]);
  if (missing.length > 0) throw relpipeError('REL_SECRETS_MISSING', { names: missing });
  return secretsAtHand(names, env);
}

/** The same without those that are missing, for commands that start nothing. */
export const secretsAtHand = (names: readonly string[], env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
