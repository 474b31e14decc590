import { type ReadContext, type Static, Type } from 'relpipe/plugin';
import type { Connection } from '../http/connection.ts';
import { readApi } from '../http/read-api.ts';

const alertRule = Type.Object({
  name: Type.String(),
  labels: Type.Optional(Type.Record(Type.String(), Type.String())),
  health: Type.String(),
  lastError: Type.Optional(Type.String()),
});
export type AlertRule = Static<typeof alertRule>;

const rulesReply = Type.Object({ data: Type.Object({ groups: Type.Array(Type.Object({ rules: Type.Array(alertRule) })) }) });

/**
 * The alerting rules that a server has loaded (https://prometheus.io/docs/prometheus/latest/querying/api/#rules).
 * @throws {StepError} `PROMETHEUS_UNREACHABLE`, `PROMETHEUS_RULES_UNREADABLE`
 */
export async function alertRules(server: string, connection: Connection, context: ReadContext): Promise<readonly AlertRule[]> {
  const { data } = await readApi(server, { path: '/api/v1/rules?type=alert' }, reply, connection, context);
  return data.groups.flatMap(({ rules }) => rules);
}

const reply = {
  schema: rulesReply,
  code: 'PROMETHEUS_RULES_UNREADABLE',
  hint: 'Open /rules of the server in a browser.',
  elsewhere: '`server` has to be the base URL of a Prometheus server, with the path prefix it is served under.',
};
