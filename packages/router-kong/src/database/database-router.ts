import { driftFrom, type Router, type RouterReading, type SideUnits, type SideWeights } from '@relpipe/plugin-traffic/router';
import { StepError } from 'relpipe/plugin';
import { type AdminApi, messageIn } from '../admin-api/admin-api.ts';
import { isSame, nearestWeights, unitsOf } from '../units.ts';
import { divisionOf } from './division-of.ts';
import { orderOfChanges } from './order-of-changes.ts';
import { readTargets, type Target } from './read-targets.ts';

/** An upstream of a Kong with a database: one PATCH per target. */
export class DatabaseRouter implements Router {
  readonly name: string;
  readonly nearest = nearestWeights;
  readonly #upstream: string;
  readonly #api: AdminApi;
  readonly #untilObeyed: () => Promise<void>;

  constructor(upstream: string, api: AdminApi, untilObeyed: () => Promise<void>) {
    this.name = `the upstream ${upstream} of the Kong at ${api.url}`;
    this.#upstream = upstream;
    this.#api = api;
    this.#untilObeyed = untilObeyed;
  }

  read = async (): Promise<RouterReading> => readingOf(await readTargets(this.#api, this.#upstream));

  async write(weights: SideWeights, former: RouterReading): Promise<RouterReading> {
    const targets = await readTargets(this.#api, this.#upstream);
    const present = readingOf(targets);
    if (present.revision !== former.revision) throw driftFrom(this, former.weights, present.weights);
    const wanted = unitsOf(weights);
    for (const name of orderOfChanges(weightsOf(targets), wanted)) {
      const changed = targets.find(({ target }) => target === name);
      if (changed) await this.#set(changed, wanted[name] ?? 0);
    }
    await this.#untilObeyed();
    const now = await this.read();
    if (now.orElse !== undefined || !isSame(now.weights, nearestWeights(weights))) throw driftFrom(this, weights, now.weights);
    return now;
  }

  /** Who gets more comes first, so that there is no moment in which nobody has a weight. */
  byHand(weights: SideWeights): string {
    const falling = Object.entries(unitsOf(weights)).toSorted(([, a], [, b]) => b - a);
    const json = ['-X', 'PATCH', '-H', 'content-type: application/json', '-d'];
    return falling.map(([target, weight]) => this.#api.byHand(this.#placeOf(target), ...json, JSON.stringify({ weight }))).join(' && ');
  }

  /** @param target its id or its name */
  #placeOf = (target: string): string => `/upstreams/${encodeURIComponent(this.#upstream)}/targets/${target}`;

  async #set({ id, target }: Target, weight: number): Promise<void> {
    const { status, body } = await this.#api.patch(this.#placeOf(id), { weight });
    if (status === 200) return;
    throw new StepError('KONG_WEIGHT_REFUSED', `Kong refuses the weight ${weight} of the target ${target} (${status}): ${messageIn(body)}.`, {
      hint: 'Check whether the target is still there, and whether whoever asks may change it.',
    });
  }
}

const readingOf = (targets: readonly Target[]): RouterReading => ({
  sides: targets.map(({ target }) => ({ name: target, url: `http://${target}` })),
  ...divisionOf(weightsOf(targets)),
  revision: JSON.stringify(targets.map(({ id, weight, updatedAt }) => [id, weight, updatedAt])),
});

const weightsOf = (targets: readonly Target[]): SideUnits => Object.fromEntries(targets.map(({ target, weight }) => [target, weight]));
