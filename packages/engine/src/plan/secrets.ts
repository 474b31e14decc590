import { diagnose } from '../errors/diagnostic.ts';
import { isEnvironmentName } from '../util/environment-name.ts';
import { evaluateKnown } from './evaluate-known.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { Plan } from './plan.ts';

/** What a plan says about its secrets; their values stay in the environment. */
export type PlannedSecrets = Pick<Plan, 'secrets' | 'optionalSecrets' | 'secretVariables'>;

/** The environment variable of a secret. */
export const variableOf = ({ secretVariables = {} }: Pick<Plan, 'secretVariables'>, name: string): string =>
  Object.hasOwn(secretVariables, name) ? (secretVariables[name] ?? name) : name;

/** The secrets that `has(secrets.NAME)` is true for: a required one has a value wherever it is needed. */
export const presentSecrets = ({ secrets, optionalSecrets = {} }: Pick<Plan, 'secrets' | 'optionalSecrets'>): Readonly<Record<string, true>> =>
  Object.fromEntries(secrets.flatMap((name) => (optionalSecrets[name] === false ? [] : [[name, true as const]])));

/** Which secrets there are, where their values are, and which of the optional ones have one now. */
export function planSecrets(draft: PlanDraft, hasVariable: (variable: string) => boolean): PlannedSecrets {
  const secrets = draft.pipeline.secrets;
  const variables = secrets.flatMap(({ name, from = name, at }) => {
    const variable = evaluateKnown(from, { draft, placeOf: () => at });
    if (typeof variable === 'string' && isEnvironmentName(variable)) return variable === name ? [] : [[name, variable] as const];
    if (typeof variable === 'string') draft.findings.push(diagnose('REL_SECRET_NAME_INVALID', { name: variable }, at));
    return [];
  });
  const secretVariables = Object.fromEntries(variables);
  const optional = secrets.filter(({ required }) => !required).map(({ name }) => [name, hasVariable(variableOf({ secretVariables }, name))] as const);
  return {
    secrets: secrets.map(({ name }) => name),
    ...(optional.length > 0 && { optionalSecrets: Object.fromEntries(optional) }),
    ...(variables.length > 0 && { secretVariables }),
  };
}
