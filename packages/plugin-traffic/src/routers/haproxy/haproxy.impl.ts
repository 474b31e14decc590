import { resolve } from 'node:path';
import { StepError, type Finding, type ReadContext } from 'relpipe/plugin';
import { driftError, isSameDivision } from '../../weights/weights.ts';
import type { Router, RouterReading, SideTraffic, SideWeights, WeightKeeper } from '../router.ts';
import { percentFromUnits, unitsFor } from '../units.ts';
import type { HaproxyConfig } from './haproxy.ts';
import { RuntimeApi, type RuntimeAddress } from './runtime-api.ts';
import { notReady, parseServerStates, revisionOf, weightsOf, type ServerState } from './server-states.ts';
import { maximumUnits, sideFrom, unitsOfServers, type AtZero, type ServerUnits } from './server-weights.ts';
import { HaproxyNextStart, StateFile } from './state-file.ts';
import { readStatistics, requireShares, type BackendStatistics } from './statistics.ts';

/** Does not contact HAProxy yet. @throws {StepError} `TRAFFIC_HAPROXY_ADDRESS_MISSING` */
export async function openHaproxy(config: HaproxyConfig, { workdir, signal }: ReadContext): Promise<Router> {
  const api = new RuntimeApi(addressOf(config, workdir), signal);
  const file = config['state-file'];
  return new HaproxyRouter(api, config, file === undefined ? undefined : new StateFile(resolve(workdir, file), api));
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
  readonly #atZero: AtZero;
  readonly #hashType: 'consistent' | undefined;
  readonly #stateFile: StateFile | undefined;

  constructor(api: RuntimeApi, config: HaproxyConfig, stateFile: StateFile | undefined) {
    const { backend, 'at-zero': atZero = 'drain', 'hash-type': hashType } = config;
    this.name = `the backend ${backend} of HAProxy at ${api.name}`;
    this.#api = api;
    this.#backend = backend;
    this.#atZero = atZero;
    this.#hashType = hashType;
    this.#stateFile = stateFile;
    if (stateFile !== undefined) this.nextStart = () => new HaproxyNextStart(stateFile, backend, atZero);
  }

  async read(): Promise<RouterReading> {
    const { servers, statistics } = await this.#readBackend();
    const weights = weightsOf(servers);
    const afterReload = weightsOf((await this.#stateFile?.afterReload(servers)) ?? servers);
    return {
      sides: servers.map((server) => sideFrom(server, this.#atZero, statistics.servers.get(server.name)?.status)),
      weights,
      revision: revisionOf(servers),
      ...(!isSameDivision(afterReload, weights) && { possibleWeights: afterReload }),
    };
  }

  /** HAProxy has no conditional change: a weight that somebody else changes in the same millisecond is noticed only at the next read. */
  async write(weights: SideWeights, previous: RouterReading): Promise<RouterReading> {
    const { servers } = await this.#readBackend();
    if (revisionOf(servers) !== previous.revision) throw driftError(this, previous.weights, weightsOf(servers));
    await this.#stateFile?.requireWritable();
    await this.#api.execute(this.#commandsFor(servers, unitsOfServers(servers, weights, this.#atZero)));
    await this.#stateFile?.save();
    return this.read();
  }

  async measure(): Promise<SideTraffic> {
    const { servers, statistics } = await this.#readBackend();
    const requests = Object.fromEntries([...statistics.servers].map(([name, { sessions }]) => [name, sessions]));
    return { requests, revision: revisionOf(servers) };
  }

  async verify(weights: SideWeights): Promise<readonly Finding[]> {
    const { servers, statistics } = await this.#readBackend();
    requireShares(this.name, statistics.balance, this.#hashType);
    this.#commandsFor(servers.filter(({ isDown }) => !isDown), unitsOfServers(servers, weights, this.#atZero));
    await this.#stateFile?.requireWritable();
    return [];
  }

  nearest(weights: SideWeights): SideWeights {
    return percentFromUnits(unitsFor(weights, maximumUnits));
  }

  /** HAProxy is not contacted, so a server without a share may be in maintenance. */
  manualCommand(weights: SideWeights): string {
    const away = this.#atZero === 'maint' ? 'maint' : undefined;
    const commands = Object.entries(unitsFor(weights, maximumUnits)).flatMap(([name, unit]) =>
      this.#commandsOf({ backend: this.#backend, name, away, isForced: true }, unit, true),
    );
    return [this.#api.manualCommand(commands), ...(this.#stateFile === undefined ? [] : [this.#stateFile.manualCommand()])].join(' && ');
  }

  /** The server that gains most comes first, so that at every moment some server has a weight. */
  #commandsFor(servers: readonly ServerState[], { units, isServed }: ServerUnits): readonly string[] {
    const changes = servers.map((server) => ({ server, unit: units[server.name] ?? 0 }));
    const rising = changes.toSorted((a, b) => b.unit - b.server.weight - (a.unit - a.server.weight));
    return rising.flatMap(({ server, unit }) => this.#commandsOf(server, unit, isServed));
  }

  /** A backup server keeps its weight. @param isServed whether the weight of a server that is away is for later */
  #commandsOf(server: CommandedServer, unit: number, isServed: boolean): readonly string[] {
    const { backend, name, away, isForced, isBackup } = server;
    if (isBackup === true && unit > 0 && !isServed) throw isABackup(this.name, name);
    if (isBackup === true) return [];
    const weight = `set weight ${backend}/${name} ${unit}`;
    if (unit === 0) return this.#atZero === 'maint' ? [weight, `set server ${backend}/${name} state maint`] : [weight];
    if (away === undefined) return [weight];
    if (this.#atZero === 'maint' && isForced) return [weight, `set server ${backend}/${name} state ready`];
    if (isServed) return [weight];
    throw notReady(server);
  }

  async #readBackend(): Promise<{ readonly servers: readonly ServerState[]; readonly statistics: BackendStatistics }> {
    const answer = await this.#api.ask(`show servers state ${this.#backend}`);
    const states = parseServerStates(answer);
    if (states.length === 0) throw backendUnknown(this.#backend, this.#api.name, answer.trim());
    const statistics = await readStatistics(this.#api, this.#backend);
    return { servers: states.map((state) => ({ ...state, isBackup: statistics.servers.get(state.name)?.isBackup === true })), statistics };
  }
}

type CommandedServer = Pick<ServerState, 'backend' | 'name' | 'away' | 'isForced' | 'isBackup'>;

const isABackup = (router: string, name: string) =>
  new StepError('TRAFFIC_SIDE_NOT_READY', `The side ${name} of ${router} is a backup server: it is served only while no other server is.`, {
    hint: 'Remove `backup` from its line in the configuration of HAProxy, and set its weight there to 0 before the release.',
  });

const backendUnknown = (backend: string, address: string, answer: string) =>
  new StepError(
    'TRAFFIC_HAPROXY_BACKEND_UNKNOWN',
    `HAProxy at ${address} has no backend ${backend} with servers${answer === '' ? '' : `: ${answer}`}`,
    { hint: 'Write the name as in its configuration, after `backend`; `show backend` lists all names.' },
  );
