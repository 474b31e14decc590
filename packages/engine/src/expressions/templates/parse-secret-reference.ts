import type { SecretReference } from '../value.ts';

/** `secrets.NAME` and nothing else. */
export function parseSecretReference(source: string): SecretReference | undefined {
  const name = /^\s*secrets\.([A-Za-z_][\w-]*)\s*$/.exec(source)?.[1];
  return name === undefined ? undefined : { $secret: name };
}
