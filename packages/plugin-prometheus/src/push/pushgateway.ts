import { type ReadContext, type Static, Type } from 'relpipe/plugin';
import { Value } from 'typebox/value';
import { type Family, printExposition } from '../exposition/print-exposition.ts';
import { HttpApi, type ApiRequest } from '../http/http-api.ts';
import { httpUrl } from '../http/request.ts';
import type { Connection } from '../shared-fields.ts';

type Labels = Readonly<Record<string, string>>;

interface Address {
  readonly pushgateway: string;
  /** `job`, and any others. */
  readonly labels: Labels & { readonly job: string };
}

/** One group of a Pushgateway (https://github.com/prometheus/pushgateway#api). Throws `PROMETHEUS_UNREACHABLE`, `PROMETHEUS_PUSH_REFUSED`. */
export class PushgatewayGroup {
  readonly name: string;
  readonly #address: Address;
  readonly #path: string;
  readonly #connection: Connection;
  readonly #context: ReadContext;

  constructor(address: Address, connection: Connection, context: ReadContext) {
    this.#address = address;
    this.#path = groupPath(address.labels);
    this.name = `${httpUrl(address.pushgateway).href.replace(/\/+$/, '')}${this.#path}`;
    this.#connection = connection;
    this.#context = context;
  }

  /** Its metrics, without the labels of the group, which are the same for all of them, and without the times that the Pushgateway adds. */
  async read(): Promise<string | undefined> {
    const groups = await pushedGroups(this.#address.pushgateway, this.#connection, this.#context);
    const own = groups.find((group) => isSame(labelsOf(group), this.#address.labels));
    const text = own && printExposition(pushedFamilies(own));
    return text === '' ? undefined : text;
  }

  /** PUT: all metrics of the group are replaced. */
  async write(text: string): Promise<void> {
    await this.#change({ path: this.#path, method: 'PUT', body: text, headers: { 'content-type': 'text/plain; version=0.0.4' } });
  }

  async remove(): Promise<void> {
    await this.#change({ path: this.#path, method: 'DELETE' });
  }

  async #change(request: ApiRequest): Promise<void> {
    const api = new HttpApi(this.#address.pushgateway, pushRefused, this.#connection, this.#context);
    const response = await api.send(request);
    if (response.status < 200 || response.status >= 300) throw api.refusal(response);
  }
}

/** All groups of a Pushgateway. Throws as `PushgatewayGroup`. */
export async function pushedGroups(pushgateway: string, connection: Connection, context: ReadContext): Promise<readonly PushedGroup[]> {
  const { data } = await new HttpApi(pushgateway, pushRefused, connection, context).read({ path: '/api/v1/metrics' }, groupsResponse);
  return data;
}

const pushRefused = {
  code: 'PROMETHEUS_PUSH_REFUSED',
  hint: 'A metric that exists in other groups must have the same type and help text here.',
  wrongServer: '`pushgateway` must be the base URL of a Pushgateway (1.0 or newer), including its path prefix.',
};

/** `job` comes first. A value that a path cannot hold is encoded in base64, as the Pushgateway reads it. */
function groupPath({ job, ...labels }: Address['labels']): string {
  const pairs = [['job', job] as const, ...Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))];
  return `/metrics${pairs.map(([name, value]) => `/${segment(name, value)}`).join('')}`;
}

const segment = (name: string, value: string): string =>
  /^[\w-]+$/.test(value) ? `${name}/${value}` : `${name}@base64/${Buffer.from(value).toString('base64url') || '='}`;

const isSame = (some: Labels, others: Labels): boolean =>
  Object.keys(some).length === Object.keys(others).length && Object.entries(some).every(([name, value]) => others[name] === value);

const labels = Type.Record(Type.String(), Type.String());
const pushedMetric = Type.Object({
  labels: Type.Optional(labels),
  value: Type.Optional(Type.String()),
  count: Type.Optional(Type.String()),
  sum: Type.Optional(Type.String()),
  buckets: Type.Optional(labels),
  quantiles: Type.Optional(labels),
});
type PushedValue = Static<typeof pushedMetric>;
const pushedFamily = Type.Object({ type: Type.String(), help: Type.Optional(Type.String()), metrics: Type.Array(pushedMetric) });
const pushedGroup = Type.Record(Type.String(), Type.Unknown());
type PushedGroup = Static<typeof pushedGroup>;

/** The response of `/api/v1/metrics` (https://github.com/prometheus/pushgateway#query-api): `labels` of a group, and its families by name. */
const groupsResponse = Type.Object({ data: Type.Array(pushedGroup) });

export const labelsOf = (group: PushedGroup): Readonly<Record<string, string>> =>
  Value.Check(labels, group['labels']) ? group['labels'] : {};

/** Without the labels of the group, and without the metrics that the Pushgateway adds. */
function pushedFamilies(group: PushedGroup): readonly Family[] {
  const groupLabels = Object.keys(labelsOf(group));
  return Object.entries(group).flatMap(([name, family]) => {
    if (added.has(name) || !Value.Check(pushedFamily, family)) return [];
    const { type, help, metrics } = family;
    const samples = metrics.flatMap((metric) => samplesOf(name, metric, groupLabels));
    return [{ name, type: type.toLowerCase(), ...(help !== undefined && { help }), samples }];
  });
}

const added = new Set(['labels', 'last_push_successful', 'push_time_seconds', 'push_failure_time_seconds']);

function samplesOf(name: string, metric: PushedValue, groupLabels: readonly string[]): Family['samples'] {
  const own = Object.fromEntries(Object.entries(metric.labels ?? {}).filter(([label]) => !groupLabels.includes(label)));
  if (metric.value !== undefined) return [{ name, labels: own, value: metric.value }];
  return [
    ...Object.entries(metric.quantiles ?? {}).map(([quantile, value]) => ({ name, labels: { ...own, quantile }, value })),
    ...Object.entries(metric.buckets ?? {}).map(([le, value]) => ({ name: `${name}_bucket`, labels: { ...own, le }, value })),
    { name: `${name}_sum`, labels: own, value: metric.sum ?? '0' },
    { name: `${name}_count`, labels: own, value: metric.count ?? '0' },
  ];
}
