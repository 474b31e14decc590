import { resolve } from 'node:path';
import { StepError, type ReadContext } from 'relpipe/plugin';
import { driftError, isSameDivision } from '../../weights/weights.ts';
import type { Router, RouterReading, SideTraffic, SideWeights, WeightKeeper } from '../router.ts';
import { percentFromUnits, unitsFor, type SideUnits } from '../units.ts';
import type { HaproxyConfig } from './haproxy.ts';
import { RuntimeApi, type RuntimeAddress } from './runtime-api.ts';
import { countSessions, maximumUnits, notReady, parseServerStates, revisionOf, weightsOf, type ServerState } from './server-states.ts';
import { HaproxyNextStart, StateFile } from './state-file.ts';

/** Does not contact HAProxy yet. @throws {StepError} `TRAFFIC_HAPROXY_ADDRESS_MISSING` */
export async function openHaproxy(config: HaproxyConfig, { workdir, signal }: ReadContext): Promise<Router> {
  const { backend, 'state-file': file, 'at-zero': atZero = 'drain' } = config;
  const api = new RuntimeApi(addressOf(config, workdir), signal);
  return new HaproxyRouter(api, backend, atZero, file === undefined ? undefined : new StateFile(resolve(workdir, file), api));
}

function addressOf({ socket, address }: HaproxyConfig, workdir: string): RuntimeAddress {
  if (socket !== undefined) return { path: resolve(workdir, socket) };
  const [, host, port] = /^\[?(.+?)\]?:([0-9]+)$/.exec(address ?? '') ?? [];
  if (host !== undefined) return { host, port: Number(port) };
  throw new StepError('TRAFFIC_HAPROXY_ADDRESS_MISSING', "The configuration does not specify where HAProxy's Runtime API is.", {
    hint: 'Set `socket`, or `address` as host:port.',
  });
}

/** One backend of HAProxy through its Runtime API: a side is a server. */
class HaproxyRouter implements Router {
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
      ...(!isSameDivision(afterReload, weights) && { possibleWeights: afterReload }),
    };
  }

  /** HAProxy has no conditional change: a weight that somebody else changes in the same millisecond is noticed only at the next read. */
  async write(weights: SideWeights, previous: RouterReading): Promise<RouterReading> {
    const servers = await this.#servers();
    if (revisionOf(servers) !== previous.revision) throw driftError(this, previous.weights, weightsOf(servers));
    await this.#stateFile?.requireWritable();
    await this.#api.execute(this.#commandsFor(servers, unitsFor(weights, maximumUnits)));
    await this.#stateFile?.save();
    return this.read();
  }

  async measure(): Promise<SideTraffic> {
    const requests = countSessions(await this.#api.ask(`show stat ${this.#backend} ${typeServer} -1`));
    return { requests, revision: revisionOf(await this.#servers()) };
  }

  nearest(weights: SideWeights): SideWeights {
    return percentFromUnits(unitsFor(weights, maximumUnits));
  }

  /** HAProxy is not contacted, so a server without a share may be in maintenance. */
  manualCommand(weights: SideWeights): string {
    const away = this.#atZero === 'maint' ? 'maint' : undefined;
    const commands = Object.entries(unitsFor(weights, maximumUnits)).flatMap(([name, unit]) =>
      this.#commandsOf({ backend: this.#backend, name, away }, unit),
    );
    return [this.#api.manualCommand(commands), ...(this.#stateFile === undefined ? [] : [this.#stateFile.manualCommand()])].join(' && ');
  }

  /** The server that gains most comes first, so that at every moment some server has a weight. */
  #commandsFor(servers: readonly ServerState[], units: SideUnits): readonly string[] {
    const changes = servers.map((server) => ({ server, unit: units[server.name] ?? 0 }));
    const rising = changes.toSorted((a, b) => b.unit - b.server.weight - (a.unit - a.server.weight));
    return rising.flatMap(({ server, unit }) => this.#commandsOf(server, unit));
  }

  #commandsOf({ backend, name, away }: Pick<ServerState, 'backend' | 'name' | 'away'>, unit: number): readonly string[] {
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

const backendUnknown = (backend: string, address: string, answer: string) =>
  new StepError(
    'TRAFFIC_HAPROXY_BACKEND_UNKNOWN',
    `HAProxy at ${address} has no backend ${backend} with servers${answer === '' ? '' : `: ${answer}`}`,
    { hint: 'Write the name as in its configuration, after `backend`; `show backend` lists all names.' },
  );
