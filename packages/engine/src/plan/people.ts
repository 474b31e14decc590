import { diagnose } from '../errors/diagnostic.ts';
import { holdsUnknown, secretNamesIn } from '../expressions/value.ts';
import { evaluateKnown } from './evaluate-known.ts';
import { keyIn, type PlanDraft } from './plan-draft.ts';
import type { PlanGroup } from './plan.ts';

/** The groups of a file that are looked up in the run. What they need has to be known before it. */
export function planGroups(draft: PlanDraft): Readonly<Record<string, PlanGroup>> {
  const { pipeline, frame, findings } = draft;
  const looked = Object.entries(pipeline.groups).flatMap(([name, group]) => {
    if ('people' in group) return [];
    const config = evaluateKnown(group.with, { draft, placeOf: () => group.at });
    if (holdsUnknown(config)) findings.push(diagnose('REL_GROUP_NOT_KNOWN_YET', { group: name }, group.at));
    return [[keyIn(frame, name), { uses: group.uses, with: config, secrets: secretNamesIn(config) }] as const];
  });
  return Object.fromEntries(looked);
}
