import { Type, type ReadContext, type Static } from 'relpipe/plugin';
import { rulesApi } from '../http/prometheus-api.ts';
import type { Matcher } from '../selector/matcher.ts';
import type { Connection } from '../shared-fields.ts';

const alertRule = Type.Object({
  name: Type.String(),
  labels: Type.Optional(Type.Record(Type.String(), Type.String())),
  health: Type.String(),
  lastError: Type.Optional(Type.String()),
});
export type AlertRule = Static<typeof alertRule>;

const rulesResponse = Type.Object({ data: Type.Object({ groups: Type.Array(Type.Object({ rules: Type.Array(alertRule) })) }) });

/**
 * The alerting rules that a server has loaded (https://prometheus.io/docs/prometheus/latest/querying/api/#rules).
 * @throws {StepError} `PROMETHEUS_UNREACHABLE`, `PROMETHEUS_RULES_UNREADABLE`
 */
export async function alertRules(server: string, connection: Connection, context: ReadContext): Promise<readonly AlertRule[]> {
  const { data } = await rulesApi(server, connection, context).read({ path: '/api/v1/rules?type=alert' }, rulesResponse);
  return data.groups.flatMap(({ rules }) => rules);
}

/** Why it means nothing that no such alert fires: no rule could have created one, or a rule that could does not work. */
export function unwatchedReason(rules: readonly AlertRule[], matchers: readonly Matcher[]): string | undefined {
  const possible = rules.filter((rule) => mayCreate(rule, matchers));
  if (possible.length === 0) {
    return rules.length === 0
      ? 'The server has no alerting rules, so no alert can fire.'
      : 'No alerting rule of the server creates alerts that match.';
  }
  const broken = possible.find(({ health }) => health !== 'ok');
  if (broken?.health === 'unknown') return `The rule ${broken.name} has not been evaluated yet.`;
  return broken && `The rule ${broken.name} cannot be evaluated: ${broken.lastError ?? broken.health}`;
}

/** A label that a rule does not set, or sets by a template, may come from its series. */
const mayCreate = ({ name, labels = {} }: AlertRule, matchers: readonly Matcher[]): boolean =>
  matchers.every(({ label, matches }) => {
    const set = label === 'alertname' ? name : labels[label];
    return set === undefined || set.includes('{{') || matches(set);
  });
