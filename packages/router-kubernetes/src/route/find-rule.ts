import { StepError } from 'relpipe/plugin';

interface Named {
  readonly name?: string | undefined;
}

/** The rule that is named, or the only one. @throws {StepError} `KUBERNETES_RULE_UNKNOWN`, `KUBERNETES_RULE_UNNAMED` */
export function findRule(rules: readonly Named[], wanted: string | undefined, of: { readonly object: string; readonly key: string }): number {
  const names = rules.flatMap(({ name }) => name ?? []);
  const list = names.length === 0 ? 'None of them has a name: give the one that divides traffic a name.' : `It has ${names.join(', ')}.`;
  if (wanted === undefined && rules.length === 1) return 0;
  if (wanted === undefined) {
    throw new StepError('KUBERNETES_RULE_UNNAMED', `${of.object} has ${rules.length} rules, and \`${of.key}\` does not say which one divides traffic.`, { hint: list });
  }
  const found = rules.findIndex(({ name }) => name === wanted);
  if (found === -1) throw new StepError('KUBERNETES_RULE_UNKNOWN', `${of.object} has no rule called ${wanted}.`, { hint: list });
  return found;
}
