import {
  driftError,
  percentFromUnits,
  unitsOfSum,
  type Router,
  type RouterReading,
  type SideTraffic,
  type SideWeights,
} from '@relpipe/plugin-traffic/router';
import { StepError, type Finding, type ReadContext } from 'relpipe/plugin';
import { findingFrom, shellWord } from 'relpipe/plugin/toolkit';
import { conflict, type Cluster } from './cluster.ts';
import { RequestCounter } from './request-counter.ts';
import type { Destination, RouteKind } from './route-kind.ts';
import type { RequestsSettings } from './settings.ts';

interface RouteSettings {
  /** Milliseconds. */
  readonly settle?: number;
  readonly requests?: RequestsSettings;
}

/** The destinations of one route of an object in a cluster. */
export class RouteRouter implements Router {
  readonly name: string;
  /** Only where the configuration says what counts requests. */
  readonly measure?: () => Promise<SideTraffic>;
  readonly #requests: RequestCounter | undefined;
  readonly #cluster: Cluster;
  readonly #kind: RouteKind;
  readonly #object: string;
  readonly #clock: ReadContext['clock'];
  readonly #settleMs: number;

  constructor(
    cluster: Cluster,
    kind: RouteKind,
    object: string,
    { settle = defaultSettleMs, requests }: RouteSettings,
    context: ReadContext,
  ) {
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

  manualCommand(weights: SideWeights): string {
    return this.#cluster.manualCommand(this.#kind, this.#object, `jq ${shellWord(this.#kind.jq(unitsOfSum(weights, this.#kind.total)))}`);
  }

  /** The cluster judges the object with the new weights; what its gateways report now is a warning, because a step may mend it. */
  async verify(weights: SideWeights): Promise<readonly Finding[]> {
    const object = await this.#get();
    await this.#cluster.rehearse(this.#kind, this.#object, this.#withWeights(object, weights));
    try {
      this.#kind.isApplied?.(object);
      return [];
    } catch (error) {
      return [{ ...findingFrom(error), level: 'warning' }];
    }
  }

  async write(weights: SideWeights, previous: RouterReading): Promise<RouterReading> {
    await this.#replace(weights, previous);
    await this.#untilApplied();
    await this.#clock.sleep(this.#settleMs);
    const now = await this.read();
    const expected = this.nearest(weights);
    if (Object.keys(now.weights).some((side) => now.weights[side] !== (expected[side] ?? 0))) throw driftError(this, weights, now.weights);
    await this.#requests?.start();
    return now;
  }

  #measureBy = (requests: RequestCounter) => async (): Promise<SideTraffic> => {
    const { revision, sides } = await this.read();
    const counts = await requests.count();
    return { revision, requests: Object.fromEntries(sides.map(({ name }) => [name, counts[name] ?? 0])) };
  };

  /** After a conflict with a change of anything else it tries again; it stops only when the weights have changed. */
  async #replace(weights: SideWeights, previous: RouterReading): Promise<void> {
    for (let attempt = 0; attempt < maximumAttempts; attempt += 1) {
      const object = await this.#get();
      const destinations = this.#kind.destinations(object);
      const present = readingOf(destinations);
      if (present.revision !== previous.revision) throw driftError(this, previous.weights, present.weights);
      const changed = this.#withWeights(object, weights);
      if (isSame(this.#kind.destinations(changed), destinations)) return;
      if ((await this.#cluster.replace(this.#kind, this.#object, changed)) !== conflict) return;
    }
    throw new StepError('KUBERNETES_CONFLICT', `Somebody else keeps changing ${this.name}.`, {
      hint: 'Find out who: `kubectl get … -o yaml --show-managed-fields`.',
      retryable: true,
    });
  }

  #withWeights(object: object, weights: SideWeights): object {
    const units = unitsOfSum(weights, this.#kind.total);
    const wanted = this.#kind.destinations(object).map(({ name }) => units[name] ?? 0);
    return this.#kind.withWeights(object, wanted);
  }

  async #untilApplied(): Promise<void> {
    const until = this.#clock.now() + appliesWithinMs;
    while (this.#kind.isApplied?.(await this.#get()) === false) {
      if (this.#clock.now() >= until) throw notApplied(this.name);
      await this.#clock.sleep(pollMs);
    }
  }

  async #get(): Promise<object> {
    const object = await this.#cluster.get(this.#kind, this.#object);
    return typeof object === 'object' && object !== null ? object : {};
  }
}

const defaultSettleMs = 5000;
const maximumAttempts = 5;
const appliesWithinMs = 30_000;
const pollMs = 500;

const isSame = (some: readonly Destination[], others: readonly Destination[]): boolean =>
  some.every(({ weight }, n) => weight === others[n]?.weight);

const readingOf = (destinations: readonly Destination[]): RouterReading => ({
  sides: destinations.map(({ name, url }) => ({ name, url })),
  weights: percentFromUnits(Object.fromEntries(destinations.map(({ name, weight }) => [name, weight]))),
  revision: JSON.stringify(destinations.map(({ name, weight }) => [name, weight])),
});

const notApplied = (name: string) =>
  new StepError('KUBERNETES_NOT_ACCEPTED', `The gateways have not accepted the new weights of ${name} within 30 s.`, {
    hint: 'Read its status with `kubectl describe`; check that its Gateway exists and that its controller is running.',
    retryable: true,
  });
