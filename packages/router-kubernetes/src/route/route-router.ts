import { driftFrom, percentFromUnits, shellWord, type Router, type RouterReading, type SideTraffic, type SideWeights, unitsOfSum } from '@relpipe/plugin-traffic/router';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { type Cluster, conflict } from '../cluster/cluster.ts';
import { RequestCounter } from '../requests/request-counter.ts';
import type { RequestsSettings } from '../requests/requests-settings.ts';
import type { Destination, RouteKind } from './route-kind.ts';

export interface RouteSettings {
  /** Milliseconds. */
  readonly settle?: number;
  readonly requests?: RequestsSettings;
}

/** The destinations of one route of an object in a cluster. */
export class RouteRouter implements Router {
  readonly name: string;
  /** Only where it is said what counts requests. */
  readonly measure?: () => Promise<SideTraffic>;
  readonly #requests: RequestCounter | undefined;
  readonly #cluster: Cluster;
  readonly #kind: RouteKind;
  readonly #object: string;
  readonly #clock: ReadContext['clock'];
  readonly #settleMs: number;

  constructor(cluster: Cluster, kind: RouteKind, object: string, { settle = defaultSettleMs, requests }: RouteSettings, context: ReadContext) {
    this.name = `the ${kind.kind} ${cluster.namespace}/${object}`;
    this.#cluster = cluster;
    this.#kind = kind;
    this.#object = object;
    this.#clock = context.clock;
    this.#settleMs = settle;
    this.#requests = requests && new RequestCounter(requests, context);
    if (this.#requests) this.measure = this.#measureBy(this.#requests);
  }

  read = async (): Promise<RouterReading> => readingOf(this.#kind.destinations(await this.#get()));

  nearest = (weights: SideWeights): SideWeights => percentFromUnits(unitsOfSum(weights, this.#kind.total));

  byHand(weights: SideWeights): string {
    return this.#cluster.byHand(this.#kind, this.#object, `jq ${shellWord(this.#kind.jq(unitsOfSum(weights, this.#kind.total)))}`);
  }

  async write(weights: SideWeights, former: RouterReading): Promise<RouterReading> {
    await this.#replace(weights, former);
    await this.#untilTakenUp();
    await this.#clock.sleep(this.#settleMs);
    const now = await this.read();
    const expected = this.nearest(weights);
    if (Object.keys(now.weights).some((side) => now.weights[side] !== (expected[side] ?? 0))) throw driftFrom(this, weights, now.weights);
    await this.#requests?.begin();
    return now;
  }

  #measureBy = (requests: RequestCounter) => async (): Promise<SideTraffic> => {
    const { revision, sides } = await this.read();
    const counts = await requests.count();
    return { revision, requests: Object.fromEntries(sides.map(({ name }) => [name, counts[name] ?? 0])) };
  };

  /** A conflict with a change of anything else is no reason to stop: it looks again, and gives up only when the weights are others. */
  async #replace(weights: SideWeights, former: RouterReading): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const object = await this.#get();
      const destinations = this.#kind.destinations(object);
      const present = readingOf(destinations);
      if (present.revision !== former.revision) throw driftFrom(this, former.weights, present.weights);
      const units = unitsOfSum(weights, this.#kind.total);
      const wanted = destinations.map(({ name }) => units[name] ?? 0);
      if (wanted.every((unit, n) => unit === destinations[n]?.weight)) return;
      if ((await this.#cluster.replace(this.#kind, this.#object, this.#kind.withWeights(object, wanted))) !== conflict) return;
    }
    throw new StepError('KUBERNETES_CONFLICT', `${this.name} is changed by somebody else again and again.`, {
      hint: 'Check who else writes it: `kubectl get … -o yaml --show-managed-fields`.',
      retryable: true,
    });
  }

  async #untilTakenUp(): Promise<void> {
    const until = this.#clock.now() + patienceMs;
    while (this.#kind.isTakenUp?.(await this.#get()) === false) {
      if (this.#clock.now() >= until) throw notTakenUp(this.name);
      await this.#clock.sleep(lookEveryMs);
    }
  }

  async #get(): Promise<object> {
    const object = await this.#cluster.get(this.#kind, this.#object);
    return typeof object === 'object' && object !== null ? object : {};
  }
}

const defaultSettleMs = 5000;
const attempts = 5;
const patienceMs = 30_000;
const lookEveryMs = 500;

const readingOf = (destinations: readonly Destination[]): RouterReading => ({
  sides: destinations.map(({ name, url }) => ({ name, url })),
  weights: percentFromUnits(Object.fromEntries(destinations.map(({ name, weight }) => [name, weight]))),
  revision: JSON.stringify(destinations.map(({ name, weight }) => [name, weight])),
});

const notTakenUp = (name: string) =>
  new StepError('KUBERNETES_NOT_TAKEN_UP', `No gateway has taken up the new weights of ${name} within 30 s.`, {
    hint: 'Check its status: `kubectl describe`. Is its Gateway there, and does its controller run?',
    retryable: true,
  });
