import type { ReadContext } from 'relpipe/plugin';
import { printExposition } from '../exposition/print-exposition.ts';
import { HttpApi, type ApiRequest } from '../http/http-api.ts';
import { httpUrl } from '../http/request.ts';
import type { Connection } from '../shared-fields.ts';
import { pushedFamilies, groupsResponse, labelsOf, type PushedGroup } from './pushed-groups.ts';

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
