import { userInfo } from 'node:os';
import type { Identity } from '../run/core/fact.ts';

/**
 * Who gives this command, and how that is known: what the CI system says, what was said with `--as`, or the operating system's user. A
 * name given with `--as` is only a claim, and is recorded as one.
 */
export function identifyPerson(as: string | undefined, env: Readonly<Record<string, string | undefined>>): Identity {
  if (as !== undefined) return { who: as, by: 'flag' };
  const actor = env['GITHUB_ACTIONS'] === 'true' ? env['GITHUB_ACTOR'] : env['GITLAB_CI'] === 'true' ? env['GITLAB_USER_LOGIN'] : undefined;
  return actor ? { who: actor, by: 'ci-actor' } : { who: userInfo().username, by: 'os-user' };
}
