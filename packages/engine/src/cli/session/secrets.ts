import { relpipeError } from '../../errors/relpipe-error.ts';
import { type PlannedSecrets, variableOf } from '../../plan/secrets.ts';
import type { RunState } from '../../run/core/state/run-state.ts';
import { secretsNeeded } from '../../run/core/state/secrets-needed.ts';
import { isMaskable } from '../../run/local/masking/mask-secrets.ts';
import type { RunStore } from '../../run/store/run-store.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The values of the secrets of a plan that are in the environment: those that are needed, and for the mask every other one that is there.
 * An empty one counts as missing. Throws `REL_SECRETS_MISSING` for those that are needed.
 */
export function readSecrets(plan: PlannedSecrets, needed: readonly string[], env: Environment): Record<string, string> {
  const missing = needed.filter((name) => !env[variableOf(plan, name)]);
  if (missing.length > 0) throw relpipeError('REL_SECRETS_MISSING', { names: missing.map((name) => variableOf(plan, name)) });
  const values = Object.entries(secretsAtHand(plan, env));
  return Object.fromEntries(values.filter(([name, value]) => needed.includes(name) || isMaskable(value)));
}

/** The values without those that are missing, for commands that start nothing. */
export const secretsAtHand = (plan: PlannedSecrets, env: Environment): Record<string, string> =>
  Object.fromEntries(
    plan.secrets.flatMap((name) => {
      const value = env[variableOf(plan, name)];
      return value ? [[name, value]] : [];
    }),
  );

/** The secrets that a recorded run still needs. With a rollback in its inbox, only those of its rollback. */
export async function secretsToResume(store: RunStore, state: RunState): Promise<readonly string[]> {
  const isToRollBack = (await store.inbox(state.run)).some(({ command }) => command === 'rollback');
  return secretsNeeded(state, isToRollBack);
}
