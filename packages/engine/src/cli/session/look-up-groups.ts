import { dirname } from 'node:path';
import type { Plan } from '../../plan/plan.ts';
import type { ResolvedGroups } from '../../run/core/fact.ts';
import { resolveGroups } from '../../run/local/groups/resolve-groups.ts';
import { createMask, isMaskable } from '../../run/local/masking/mask-secrets.ts';
import { decode, encode } from '../../schema/decode.ts';
import { withReadContexts } from './read-contexts.ts';
import { loadPluginsOf } from './resume-run.ts';
import { secretsAtHand } from './secrets.ts';

/** The members of these groups of a recorded plan, as this process sees it. */
export async function lookUpGroups(names: readonly string[], plan: Plan, file: string): Promise<ResolvedGroups> {
  const registry = await loadPluginsOf(plan, file);
  if (!registry) return Object.fromEntries(names.map((name) => [name, { problem: 'its plugin is not installed here' }]));
  const secrets = secretsAtHand(plan, process.env);
  const mask = createMask(Object.fromEntries(Object.entries(secrets).filter(([, value]) => isMaskable(value))));
  return withReadContexts({ run: 'groups', plan, workdir: dirname(file), mask }, (contextFor) => {
    const deps = { people: plan.people, registry, codec: { decode, encode }, secrets, mask };
    const never = new AbortController().signal;
    return resolveGroups(names, { ...deps, contextFor: (signal, group) => contextFor(group, signal, () => undefined) }, never);
  });
}
