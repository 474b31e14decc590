import { StepError } from 'relpipe/plugin';
import { driftFrom } from '../../sides/drift-from.ts';
import { isSameDivision } from '../../sides/divide-traffic.ts';
import { percentFromUnits, type SideUnits } from '../units/percent-from-units.ts';
import { unitsFor } from '../units/units-for.ts';
import type { Router, RouterReading, SideTraffic, SideWeights, WeightKeeper } from '../router.ts';
import { countSessions } from './count-sessions.ts';
import { HaproxyNextStart } from './haproxy-next-start.ts';
import { mostUnits } from './most-units.ts';
import { notReady } from './not-ready.ts';
import type { RuntimeApi } from './runtime-api.ts';
import { parseServerStates, revisionOf, weightsOf, type ServerState } from './server-states.ts';
import type { StateFile } from './state-file.ts';

/** One backend of HAProxy through its Runtime API: a side is a server. */
export class HaproxyRouter implements Router {
  readonly name: string;
  /** Absent without a state file: HAProxy then starts with the weights of its configuration, which no shift changes. */
  readonly nextStart?: () => WeightKeeper;
  readonly #api: RuntimeApi;
  readonly #backend: string;
  readonly #atZero: 'drain' | 'maint';
  readonly #stateFile: StateFile | undefined;

  constructor(api: RuntimeApi, backend: string, atZero: 'drain' | 'maint', stateFile: StateFile | undefined) {
    this.name = `the backend ${backend} of HAProxy at ${api.name}`;
    this.#api = api;
    this.#backend = backend;
    this.#atZero = atZero;
    this.#stateFile = stateFile;
    if (stateFile !== undefined) this.nextStart = () => new HaproxyNextStart(stateFile, backend, atZero);
  }

  async read(): Promise<RouterReading> {
    const servers = await this.#servers();
    const weights = weightsOf(servers);
    const afterReload = weightsOf((await this.#stateFile?.afterReload(servers)) ?? servers);
    return {
      sides: servers.map(({ name, url }) => ({ name, url })),
      weights,
      revision: revisionOf(servers),
      ...(!isSameDivision(afterReload, weights) && { orElse: afterReload }),
    };
  }

  /** HAProxy knows no "unless changed": who changes a weight in the same millisecond is not noticed until the next look. */
  async write(weights: SideWeights, former: RouterReading): Promise<RouterReading> {
    const servers = await this.#servers();
    if (revisionOf(servers) !== former.revision) throw driftFrom(this, former.weights, weightsOf(servers));
    await this.#stateFile?.provide();
    await this.#api.order(this.#ordersFor(servers, unitsFor(weights, mostUnits)));
    await this.#stateFile?.save();
    return this.read();
  }

  async measure(): Promise<SideTraffic> {
    const requests = countSessions(await this.#api.ask(`show stat ${this.#backend} ${typeServer} -1`));
    return { requests, revision: revisionOf(await this.#servers()) };
  }

  nearest(weights: SideWeights): SideWeights {
    return percentFromUnits(unitsFor(weights, mostUnits));
  }

  /** Nothing is asked, so a server without a share may be in maintenance. */
  byHand(weights: SideWeights): string {
    const away = this.#atZero === 'maint' ? 'maint' : undefined;
    const orders = Object.entries(unitsFor(weights, mostUnits)).flatMap(([name, unit]) => this.#ordersOf({ backend: this.#backend, name, away }, unit));
    return [this.#api.byHand(orders), ...(this.#stateFile === undefined ? [] : [this.#stateFile.byHand()])].join(' && ');
  }

  /** Who gets more comes first, so that there is no moment in which nobody has a weight. */
  #ordersFor(servers: readonly ServerState[], units: SideUnits): readonly string[] {
    const changes = servers.map((server) => ({ server, unit: units[server.name] ?? 0 }));
    const rising = changes.toSorted((a, b) => b.unit - b.server.weight - (a.unit - a.server.weight));
    return rising.flatMap(({ server, unit }) => this.#ordersOf(server, unit));
  }

  #ordersOf({ backend, name, away }: Pick<ServerState, 'backend' | 'name' | 'away'>, unit: number): readonly string[] {
    const server = `${backend}/${name}`;
    const weight = `set weight ${server} ${unit}`;
    if (unit === 0) return this.#atZero === 'maint' ? [weight, `set server ${server} state maint`] : [weight];
    if (away === undefined) return [weight];
    if (this.#atZero !== 'maint') throw notReady(server, away);
    return [weight, `set server ${server} state ready`];
  }

  async #servers(): Promise<readonly ServerState[]> {
    const answer = await this.#api.ask(`show servers state ${this.#backend}`);
    const servers = parseServerStates(answer);
    if (servers.length === 0) throw backendUnknown(this.#backend, this.#api.name, answer.trim());
    return servers;
  }
}

const typeServer = 4;

const backendUnknown = (backend: string, place: string, answer: string) =>
  new StepError('TRAFFIC_HAPROXY_BACKEND_UNKNOWN', `HAProxy at ${place} has no backend ${backend} with servers${answer === '' ? '' : `: ${answer}`}`, {
    hint: 'Write the name as it stands behind `backend` in its configuration; `show backend` lists them.',
  });
