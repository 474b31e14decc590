import { driftFrom, percentFromUnits, type Router, type RouterReading, type SideWeights } from '@relpipe/plugin-traffic/router';
import type { AdminApi } from '../admin-api/admin-api.ts';
import { isSame, nearestWeights, unitsOf } from '../units.ts';
import { KongNode } from './kong-node.ts';
import type { NodeConfig } from './node-config.ts';

/** An upstream of Kong nodes without a database: each of them is given its whole configuration anew. */
export class DbLessRouter implements Router {
  readonly name: string;
  readonly nearest = nearestWeights;
  readonly #upstream: string;
  readonly #nodes: readonly KongNode[];
  readonly #untilObeyed: () => Promise<void>;

  constructor(upstream: string, apis: readonly AdminApi[], untilObeyed: () => Promise<void>) {
    this.name = `the upstream ${upstream} of Kong at ${apis.map(({ url }) => url).join(', ')}`;
    this.#upstream = upstream;
    this.#nodes = apis.map((api) => new KongNode(api));
    this.#untilObeyed = untilObeyed;
  }

  read = async (): Promise<RouterReading> => this.#readingOf(await this.#configs());

  async write(weights: SideWeights, former: RouterReading): Promise<RouterReading> {
    const configs = await this.#configs();
    const present = this.#readingOf(configs);
    if (present.revision !== former.revision) throw driftFrom(this, former.weights, present.weights);
    const units = unitsOf(weights);
    for (const [n, node] of this.#nodes.entries()) await node.load(configs[n]?.withWeights(units) ?? '');
    await this.#untilObeyed();
    const now = await this.read();
    if (now.orElse !== undefined || !isSame(now.weights, nearestWeights(weights))) throw driftFrom(this, weights, now.weights);
    return now;
  }

  /** A node takes nothing but its whole configuration, so a person has to write the weights into it. */
  byHand(weights: SideWeights): string {
    const lines = Object.entries(unitsOf(weights)).map(([target, weight]) => `weight: ${weight} at the target ${target}`);
    const nodes = this.#nodes.map((node) => `\`${node.byHand.save}\`, ${lines.join(' and ')} of the upstream ${this.#upstream} in kong.yml, \`${node.byHand.load}\``);
    return nodes.join('; then ');
  }

  #configs = (): Promise<readonly NodeConfig[]> => Promise.all(this.#nodes.map((node) => node.read(this.#upstream)));

  /** Nodes that differ are a change that was interrupted between them, or a node that began anew with its file. @throws {StepError} `TRAFFIC_DRIFT` when there are three */
  #readingOf(configs: readonly NodeConfig[]): RouterReading {
    const all = configs.map(({ weights }) => percentFromUnits(weights));
    const [weights = {}, orElse, third] = all.filter((one, n) => all.findIndex((other) => isSame(one, other)) === n);
    if (orElse !== undefined && third !== undefined) throw driftFrom(this, weights, third);
    const sides = Object.keys(weights).map((target) => ({ name: target, url: `http://${target}` }));
    return { sides, weights, ...(orElse && { orElse }), revision: JSON.stringify(configs.map((config) => config.weights)) };
  }
}
