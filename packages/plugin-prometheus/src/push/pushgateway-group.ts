import type { ReadContext } from 'relpipe/plugin';
import { callApi, type ApiCall } from '../http/call-api.ts';
import type { Connection } from '../http/connection.ts';
import { httpUrl } from '../http/http-url.ts';
import { readApi } from '../http/read-api.ts';
import { refusal } from '../http/refusal.ts';
import { printExposition } from '../exposition/print-exposition.ts';
import type { MetricsPlace } from './metrics-place.ts';
import { groupsReply, familiesOf, labelsOf } from './pushed-groups.ts';

type Labels = Readonly<Record<string, string>>;

interface Where {
  readonly pushgateway: string;
  /** `job` and whatever else the group is called by. */
  readonly labels: Labels & { readonly job: string };
}

/** One group of a Pushgateway (https://github.com/prometheus/pushgateway#api). Throws `PROMETHEUS_UNREACHABLE` and `PROMETHEUS_PUSH_REFUSED`. */
export class PushgatewayGroup implements MetricsPlace {
  readonly name: string;
  readonly #where: Where;
  readonly #path: string;
  readonly #connection: Connection;
  readonly #context: ReadContext;

  constructor(where: Where, connection: Connection, context: ReadContext) {
    this.#where = where;
    this.#path = groupPath(where.labels);
    this.name = `${httpUrl(where.pushgateway).href.replace(/\/+$/, '')}${this.#path}`;
    this.#connection = connection;
    this.#context = context;
  }

  /** Its metrics without the labels of the group, which it gives to all of them, and without the times that it adds itself. */
  async read(): Promise<string | undefined> {
    const groups = await pushedGroups(this.#where.pushgateway, this.#connection, this.#context);
    const ours = groups.find((group) => isSame(labelsOf(group), this.#where.labels));
    const text = ours && printExposition(familiesOf(ours));
    return text === '' ? undefined : text;
  }

  /** PUT: all metrics of the group are replaced. */
  async write(text: string): Promise<void> {
    await this.#change({ path: this.#path, method: 'PUT', body: text, headers: { 'content-type': 'text/plain; version=0.0.4' } });
  }

  async remove(): Promise<void> {
    await this.#change({ path: this.#path, method: 'DELETE' });
  }

  async #change(call: ApiCall): Promise<void> {
    const reply = await callApi(this.#where.pushgateway, call, this.#connection, this.#context);
    if (reply.status < 200 || reply.status >= 300) throw refusal(reply, refused);
  }
}

export async function pushedGroups(pushgateway: string, connection: Connection, context: ReadContext) {
  const { data } = await readApi(pushgateway, { path: '/api/v1/metrics' }, { schema: groupsReply, ...refused }, connection, context);
  return data;
}

const refused = {
  code: 'PROMETHEUS_PUSH_REFUSED',
  hint: 'A metric that other groups have under this name needs the same type and help there.',
  elsewhere: '`pushgateway` has to be the base URL of a Pushgateway (1.0 or newer), with the path prefix it is served under.',
};

/** `job` first. What a path cannot carry as it is goes in base64, as the Pushgateway reads it. */
function groupPath({ job, ...labels }: Where['labels']): string {
  const pairs = [['job', job] as const, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))];
  return `/metrics${pairs.map(([name, value]) => `/${segment(name, value)}`).join('')}`;
}

const segment = (name: string, value: string): string =>
  /^[\w-]+$/.test(value) ? `${name}/${value}` : `${name}@base64/${Buffer.from(value).toString('base64url') || '='}`;

const isSame = (some: Labels, others: Labels): boolean =>
  Object.keys(some).length === Object.keys(others).length && Object.entries(some).every(([name, value]) => others[name] === value);
