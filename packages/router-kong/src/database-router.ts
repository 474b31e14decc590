import {
  driftError,
  isSameDivision,
  type Router,
  type RouterReading,
  type SideUnits,
  type SideWeights,
} from '@relpipe/plugin-traffic/router';
import { StepError, Type, type Static, type TSchema } from 'relpipe/plugin';
import { Check } from 'typebox/schema';
import { messageIn, refuseDuplicate, unreadable, upstreamEmpty, upstreamUnknown, type AdminApi } from './admin-api.ts';
import { downBy, readUnhealthy } from './health.ts';
import { divisionOf, nearestWeights, orderOfChanges, unitsOf } from './target-weights.ts';

/** An upstream of a Kong with a database: one PATCH per target. */
export class DatabaseRouter implements Router {
  readonly name: string;
  readonly nearest = nearestWeights;
  readonly #upstream: string;
  readonly #api: AdminApi;
  readonly #untilApplied: () => Promise<void>;

  constructor(upstream: string, api: AdminApi, untilApplied: () => Promise<void>) {
    this.name = `the upstream ${upstream} of the Kong at ${api.url}`;
    this.#upstream = upstream;
    this.#api = api;
    this.#untilApplied = untilApplied;
  }

  read = async (): Promise<RouterReading> => {
    const targets = await readTargets(this.#api, this.#upstream);
    return readingOf(targets, await readUnhealthy(this.#api, this.#upstream));
  };

  async write(weights: SideWeights, previous: RouterReading): Promise<RouterReading> {
    const targets = await readTargets(this.#api, this.#upstream);
    const present = readingOf(targets);
    if (present.revision !== previous.revision) throw driftError(this, previous.weights, present.weights);
    const wanted = unitsOf(weights);
    for (const name of orderOfChanges(weightsOf(targets), wanted)) {
      const changed = targets.find(({ target }) => target === name);
      if (changed) await this.#set(changed, wanted[name] ?? 0);
    }
    await this.#untilApplied();
    const now = await this.read();
    if (now.possibleWeights !== undefined || !isSameDivision(now.weights, nearestWeights(weights)))
      throw driftError(this, weights, now.weights);
    return now;
  }

  /** The largest weight comes first, so that at every moment some target has a weight. */
  manualCommand(weights: SideWeights): string {
    const falling = Object.entries(unitsOf(weights)).toSorted(([, a], [, b]) => b - a);
    const json = ['-X', 'PATCH', '-H', 'content-type: application/json', '-d'];
    return falling
      .map(([target, weight]) => this.#api.manualCommand(this.#pathOf(target), ...json, JSON.stringify({ weight })))
      .join(' && ');
  }

  /** @param target its id or its name */
  #pathOf = (target: string): string => `/upstreams/${encodeURIComponent(this.#upstream)}/targets/${target}`;

  async #set({ id, target }: Target, weight: number): Promise<void> {
    const { status, body } = await this.#api.patch(this.#pathOf(id), { weight });
    if (status === 200) return;
    throw new StepError(
      'KONG_WEIGHT_REFUSED',
      `Kong refuses the weight ${weight} of the target ${target} (${status}): ${messageIn(body)}.`,
      { hint: 'Check that the target still exists, and that the token may change it.' },
    );
  }
}

const readingOf = (targets: readonly Target[], unhealthy: ReadonlySet<string> = new Set()): RouterReading => ({
  sides: targets.map(({ target }) => ({ name: target, url: `http://${target}`, ...downBy(unhealthy.has(target)) })),
  ...divisionOf(weightsOf(targets)),
  revision: JSON.stringify(targets.map(({ id, weight, updatedAt }) => [id, weight, updatedAt])),
});

const weightsOf = (targets: readonly Target[]): SideUnits => Object.fromEntries(targets.map(({ target, weight }) => [target, weight]));

/** A side, with what distinguishes its states. */
interface Target {
  readonly id: string;
  /** `HOST:PORT` */
  readonly target: string;
  readonly weight: number;
  readonly updatedAt: number | undefined;
}

/** The targets of an upstream by name. @throws {StepError} `KONG_WITHOUT_DATABASE`, `KONG_UPSTREAM_UNKNOWN`, `KONG_UPSTREAM_EMPTY` */
async function readTargets(api: AdminApi, upstream: string): Promise<readonly Target[]> {
  if ((await readStrategy(api)) === 'off') throw withoutDatabase(api.url);
  const targets = await pages(api, `/upstreams/${encodeURIComponent(upstream)}/targets`, targetSchema);
  if (targets === undefined)
    throw upstreamUnknown(
      upstream,
      ((await pages(api, '/upstreams', upstreamSchema)) ?? []).map(({ name }) => name),
    );
  if (targets.length === 0) throw upstreamEmpty(upstream, api.url);
  refuseDuplicate(targets, upstream);
  return targets
    .map(({ id, target, weight, updated_at: updatedAt }) => ({ id, target, weight, updatedAt }))
    .toSorted((a, b) => a.target.localeCompare(b.target));
}

const targetSchema = Type.Object({
  id: Type.String(),
  target: Type.String(),
  weight: Type.Integer(),
  updated_at: Type.Optional(Type.Number()),
});
const upstreamSchema = Type.Object({ name: Type.String() });
const rootSchema = Type.Object({ configuration: Type.Object({ database: Type.String() }) });

/** Where Kong keeps its configuration; `off` is DB-less. */
async function readStrategy(api: AdminApi): Promise<string> {
  const { status, body } = await api.get('/');
  if (status !== 200 || !Check(rootSchema, body)) throw unreadable(api.url, '/', { status, body });
  return body.configuration.database;
}

/** All items of a list, page by page; undefined where Kong has no such list. */
async function pages<Item extends TSchema>(api: AdminApi, path: string, item: Item): Promise<readonly Static<Item>[] | undefined> {
  const page = Type.Object({ data: Type.Array(item), next: Type.Optional(Type.Union([Type.String(), Type.Null()])) });
  const items: Static<Item>[] = [];
  for (let from: string | null | undefined = path; typeof from === 'string'; ) {
    const { status, body } = await api.get(from);
    if (status === 404) return undefined;
    if (status !== 200 || !Check(page, body)) throw unreadable(api.url, from, { status, body });
    const { data, next } = body as { readonly data: readonly Static<Item>[]; readonly next?: string | null };
    items.push(...data);
    from = next;
  }
  return items;
}

const withoutDatabase = (url: string) =>
  new StepError('KONG_WITHOUT_DATABASE', `The Kong at ${url} has no database, so its targets cannot be changed one by one.`, {
    hint: 'Set `nodes` to the Admin API of every node, in place of `admin`.',
  });
