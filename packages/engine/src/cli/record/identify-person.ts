import { userInfo } from 'node:os';
import type { Identity } from '../../run/core/fact.ts';
import { readCi } from './read-ci.ts';

/**
 * The person behind this command, and how they are known: by the CI system, by `--as`, or as the operating system's user. A name given
 * with `--as` is only a claim, and is recorded as one.
 */
export function identifyPerson(as: string | undefined, env: Readonly<Record<string, string | undefined>>): Identity {
  if (as !== undefined) return { who: as, by: 'flag' };
  const actor = readCi(env)?.values.actor;
  return actor ? { who: actor, by: 'ci-actor' } : { who: userInfo().username, by: 'os-user' };
}
