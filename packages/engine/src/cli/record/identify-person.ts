import { userInfo } from 'node:os';
import type { Identity } from '../../run/core/fact.ts';

/**
 * The person behind this command, and how they are known: by the CI system, by `--as`, or as the operating system's user. A name given
 * with `--as` is only a claim, and is recorded as one.
 */
export function identifyPerson(as: string | undefined, env: Readonly<Record<string, string | undefined>>): Identity {
  if (as !== undefined) return { who: as, by: 'flag' };
  const actor = ciActor(env);
  return actor ? { who: actor, by: 'ci-actor' } : { who: userInfo().username, by: 'os-user' };
}

function ciActor(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env['GITHUB_ACTIONS'] === 'true') return env['GITHUB_ACTOR'];
  return env['GITLAB_CI'] === 'true' ? env['GITLAB_USER_LOGIN'] : undefined;
}
