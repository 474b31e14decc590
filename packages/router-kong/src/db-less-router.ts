import {
  driftError,
  isSameDivision,
  percentFromUnits,
  type Router,
  type RouterReading,
  type SideWeights,
} from '@relpipe/plugin-traffic/router';
import { StepError, Type } from 'relpipe/plugin';
import { Check } from 'typebox/schema';
import { messageIn, unreadable, type AdminApi } from './admin-api.ts';
import { downBy, readUnhealthy } from './health.ts';
import { NodeConfig } from './node-config.ts';
import { nearestWeights, unitsOf } from './target-weights.ts';

/** An upstream of Kong nodes without a database: a change replaces the whole configuration of each node. */
export class DbLessRouter implements Router {
  readonly name: string;
  readonly nearest = nearestWeights;
  readonly #upstream: string;
  readonly #nodes: readonly KongNode[];
  readonly #untilApplied: () => Promise<void>;

  constructor(upstream: string, apis: readonly AdminApi[], untilApplied: () => Promise<void>) {
    this.name = `the upstream ${upstream} of Kong at ${apis.map(({ url }) => url).join(', ')}`;
    this.#upstream = upstream;
    this.#nodes = apis.map((api) => new KongNode(api));
    this.#untilApplied = untilApplied;
  }

  /** A target is down where every node says so. */
  read = async (): Promise<RouterReading> => {
    const reading = this.#readingOf(await this.#configs());
    const unhealthy = await Promise.all(this.#nodes.map((node) => node.readUnhealthy(this.#upstream)));
    return { ...reading, sides: reading.sides.map((side) => ({ ...side, ...downBy(unhealthy.every((names) => names.has(side.name))) })) };
  };

  async write(weights: SideWeights, previous: RouterReading): Promise<RouterReading> {
    const configs = await this.#configs();
    const present = this.#readingOf(configs);
    if (present.revision !== previous.revision) throw driftError(this, previous.weights, present.weights);
    const units = unitsOf(weights);
    for (const [n, node] of this.#nodes.entries()) await node.load(configs[n]?.withWeights(units) ?? '');
    await this.#untilApplied();
    const now = await this.read();
    if (now.possibleWeights !== undefined || !isSameDivision(now.weights, nearestWeights(weights)))
      throw driftError(this, weights, now.weights);
    return now;
  }

  /** A node accepts only its whole configuration, so a person has to write the weights into it. */
  manualCommand(weights: SideWeights): string {
    const lines = Object.entries(unitsOf(weights)).map(([target, weight]) => `weight: ${weight} at the target ${target}`);
    const change = `${lines.join(' and ')} of the upstream ${this.#upstream} in kong.yml`;
    return this.#nodes.map(({ manualCommands: { save, load } }) => `\`${save}\`, ${change}, \`${load}\``).join('; then ');
  }

  #configs = (): Promise<readonly NodeConfig[]> => Promise.all(this.#nodes.map((node) => node.read(this.#upstream)));

  /**
   * Nodes differ after a change that was interrupted between them, or when a node has restarted with its file.
   * @throws {StepError} `TRAFFIC_DRIFT` when there are three different divisions
   */
  #readingOf(configs: readonly NodeConfig[]): RouterReading {
    const all = configs.map(({ weights }) => percentFromUnits(weights));
    const [weights = {}, possibleWeights, third] = all.filter((one, n) => all.findIndex((other) => isSameDivision(one, other)) === n);
    if (possibleWeights !== undefined && third !== undefined) throw driftError(this, weights, third);
    const sides = Object.keys(weights).map((target) => ({ name: target, url: `http://${target}` }));
    return {
      sides,
      weights,
      ...(possibleWeights && { possibleWeights }),
      revision: JSON.stringify(configs.map((config) => config.weights)),
    };
  }
}

/** One node without a database, through its `/config`. */
class KongNode {
  readonly url: string;
  readonly #api: AdminApi;

  /** `read` and `load` from a shell, with a file `kong.yml`. */
  readonly manualCommands: { readonly save: string; readonly load: string };

  constructor(api: AdminApi) {
    this.url = api.url;
    this.#api = api;
    this.manualCommands = {
      save: `${api.manualCommand('/config')} | jq -r .config > kong.yml`,
      load: api.manualCommand('/config', '-F', 'config=@kong.yml'),
    };
  }

  readUnhealthy = (upstream: string): Promise<ReadonlySet<string>> => readUnhealthy(this.#api, upstream);

  /** @throws {StepError} `KONG_WITH_DATABASE`, `KONG_UPSTREAM_UNKNOWN`, `KONG_UPSTREAM_EMPTY` */
  async read(upstream: string): Promise<NodeConfig> {
    const { status, body } = await this.#api.get('/config');
    if (status === 400) throw withDatabase(this.url);
    if (status !== 200 || !Check(answerSchema, body)) throw unreadable(this.url, '/config', { status, body });
    return new NodeConfig(body.config, upstream, this.url);
  }

  /** Replaces the configuration of the node; nothing happens where it is the same. */
  async load(config: string): Promise<void> {
    const { status, body } = await this.#api.post('/config?check_hash=1', { config });
    if (status === 201 || status === 304) return;
    throw new StepError(
      'KONG_CONFIG_REFUSED',
      `The Kong at ${this.url} refuses its own configuration with other weights (${status}): ${messageIn(body)}.`,
      { hint: "Nothing was changed on this node. Read Kong's error log." },
    );
  }
}

const answerSchema = Type.Object({ config: Type.String() });

const withDatabase = (url: string) =>
  new StepError('KONG_WITH_DATABASE', `The Kong at ${url} has a database, so it does not accept a whole configuration.`, {
    hint: 'Set `admin` to its Admin API, in place of `nodes`.',
  });
