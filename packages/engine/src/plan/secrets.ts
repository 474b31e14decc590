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

interface SecretsOfFile {
  /** By the names of the file: those that have a value, and every one that is required. */
  readonly present: Readonly<Record<string, true>>;
  /** The names of the plan, where they differ. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * The secrets of the file of a draft, entered among those of the plan. Two files may mean different variables by one name: the plan calls the
 * second one after its variable.
 */
export function secretsOfFile(draft: PlanDraft): SecretsOfFile {
  const { pipeline, allSecrets, sources } = draft;
  const present: Record<string, true> = {};
  const names = new Map<string, string>();
  for (const { name, from = name, required, at } of pipeline.secrets) {
    const written = evaluateKnown(from, { draft, placeOf: () => at });
    if (typeof written === 'string' && !isEnvironmentName(written)) draft.findings.push(diagnose('REL_SECRET_NAME_INVALID', { name: written }, at));
    const variable = typeof written === 'string' ? written : name;
    const known = allSecrets.get(name);
    const planned = known === undefined || known.variable === variable ? name : variable;
    if (planned !== name) names.set(name, planned);
    const isPresent = required || sources.hasVariable(variable);
    if (isPresent) present[name] = true;
    // One file that requires it is enough.
    const isOptional = !required && (!allSecrets.has(planned) || allSecrets.get(planned)?.isPresent !== undefined);
    allSecrets.set(planned, { variable, ...(isOptional && { isPresent }) });
  }
  return { present, names };
}

/** Which secrets there are in all files, where their values are, and which of the optional ones have one now. */
export function secretsOfPlan({ allSecrets }: PlanDraft): PlannedSecrets {
  const all = [...allSecrets];
  const optional = all.flatMap(([name, { isPresent }]) => (isPresent === undefined ? [] : [[name, isPresent] as const]));
  const variables = all.flatMap(([name, { variable }]) => (variable === name ? [] : [[name, variable] as const]));
  return {
    secrets: all.map(([name]) => name),
    ...(optional.length > 0 && { optionalSecrets: Object.fromEntries(optional) }),
    ...(variables.length > 0 && { secretVariables: Object.fromEntries(variables) }),
  };
}
