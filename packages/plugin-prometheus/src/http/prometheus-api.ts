import type { ReadContext } from 'relpipe/plugin';
import type { Connection } from '../shared-fields.ts';
import { HttpApi } from './http-api.ts';

const wrongServer = '`server` must be the base URL of a Prometheus server, including its path prefix.';

/** The queries of a Prometheus server (https://prometheus.io/docs/prometheus/latest/querying/api/). Throws `PROMETHEUS_QUERY_REFUSED`. */
export const queryApi = (server: string, connection: Connection, context: ReadContext): HttpApi =>
  new HttpApi(server, queryRefused, connection, context);

const queryRefused = {
  code: 'PROMETHEUS_QUERY_REFUSED',
  hint: 'Try the query in the expression browser of the server.',
  wrongServer,
  overloaded: 'The server is overloaded or restarting; if this persists, simplify the query or use a shorter window.',
};

/** The rules that a Prometheus server has loaded (.../querying/api/#rules). Throws `PROMETHEUS_RULES_UNREADABLE`. */
export const rulesApi = (server: string, connection: Connection, context: ReadContext): HttpApi =>
  new HttpApi(server, rulesUnreadable, connection, context);

const rulesUnreadable = { code: 'PROMETHEUS_RULES_UNREADABLE', hint: 'Open /rules of the server in a browser.', wrongServer };
