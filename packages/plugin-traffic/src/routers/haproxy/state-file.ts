import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { readIfThere, replaceFile, shellWord } from 'relpipe/plugin/toolkit';
import { driftError } from '../../weights/weights.ts';
import type { RouterReading, SideWeights, WeightKeeper } from '../router.ts';
import type { SideUnits } from '../units.ts';
import type { RuntimeApi } from './runtime-api.ts';
import { notReady, parseServerStates, revisionOf, weightsOf, withUnits, type ServerState } from './server-states.ts';
import { sideFrom, unitsOfServers, type AtZero } from './server-weights.ts';

/** HAProxy's `server-state-file`: what a reload reads with `load-server-state-from-file global`. */
export class StateFile {
  readonly path: string;
  readonly #api: RuntimeApi;

  constructor(path: string, api: RuntimeApi) {
    this.path = path;
    this.#api = api;
  }

  /**
   * The servers as they will be after a reload: as they were saved, unless the configured weight has changed since; else as they are
   * configured. Source: HAProxy configuration manual, "load-server-state-from-file".
   */
  async afterReload(servers: readonly ServerState[]): Promise<readonly ServerState[]> {
    const saved = parseServerStates(await this.read());
    return servers.map((server) => {
      const kept = saved.find(
        ({ backend, name, configured }) => backend === server.backend && name === server.name && configured === server.configured,
      );
      return kept === undefined ? { ...server, weight: server.configured } : { ...server, weight: kept.weight, away: kept.away };
    });
  }

  /** Called before the first change: weights that cannot be saved are not changed. @throws {StepError} `TRAFFIC_HAPROXY_NOT_SAVED` */
  async requireWritable(): Promise<void> {
    try {
      await access(dirname(this.path), constants.W_OK);
    } catch (error) {
      throw notSaved(this.path, error);
    }
  }

  /** Saves the servers of all backends as they are: HAProxy has one state file. @throws {StepError} `TRAFFIC_HAPROXY_NOT_SAVED` */
  async save(): Promise<void> {
    await this.write(await this.#api.ask('show servers state'));
  }

  /** @param states as `show servers state` prints them  @throws {StepError} `TRAFFIC_HAPROXY_NOT_SAVED` */
  async write(states: string): Promise<void> {
    try {
      await replaceFile(this.path, states, { mode: 0o644 });
    } catch (error) {
      throw notSaved(this.path, error);
    }
  }

  /** `save` from a shell. */
  manualCommand(): string {
    return `${this.#api.manualCommand(['show servers state'])} > ${shellWord(this.path)}`;
  }

  /** Empty where there is no file. @throws {StepError} `TRAFFIC_HAPROXY_NOT_SAVED` */
  async read(): Promise<string> {
    try {
      return (await readIfThere(this.path, 'utf8')) ?? '';
    } catch (error) {
      throw notRead(this.path, error);
    }
  }
}

const notSaved = (path: string, cause: unknown) =>
  new StepError('TRAFFIC_HAPROXY_NOT_SAVED', `HAProxy's state file ${path} cannot be written: ${String(cause)}.`, {
    hint: 'Allow the user that runs the release to write into its folder.',
    cause,
  });

const notRead = (path: string, cause: unknown) =>
  new StepError('TRAFFIC_HAPROXY_NOT_SAVED', `HAProxy's state file ${path} cannot be read: ${String(cause)}.`, {
    hint: 'Allow the user that runs the release to read it.',
    cause,
  });

/** The state file of an HAProxy whose Runtime API does not answer. */
export class HaproxyNextStart implements WeightKeeper {
  readonly name: string;
  readonly #file: StateFile;
  readonly #backend: string;
  readonly #atZero: AtZero;

  constructor(file: StateFile, backend: string, atZero: AtZero) {
    this.name = `the backend ${backend} in ${file.path}`;
    this.#file = file;
    this.#backend = backend;
    this.#atZero = atZero;
  }

  async read(): Promise<RouterReading> {
    const servers = this.#serversIn(await this.#file.read());
    const sides = servers.map((server) => sideFrom({ ...server, isDown: false }, this.#atZero, undefined));
    return { sides, weights: weightsOf(servers), revision: revisionOf(servers) };
  }

  async write(weights: SideWeights, previous: RouterReading): Promise<RouterReading> {
    const states = await this.#file.read();
    const servers = this.#serversIn(states);
    if (revisionOf(servers) !== previous.revision) throw driftError(this, previous.weights, weightsOf(servers));
    const { units, isServed } = unitsOfServers(servers, weights, this.#atZero);
    if (!isServed) refuseAway(servers, units);
    await this.#file.write(withUnits(states, this.#backend, units, this.#atZero));
    return this.read();
  }

  #serversIn(states: string): readonly ServerState[] {
    const servers = parseServerStates(states).filter(({ backend }) => backend === this.#backend);
    if (servers.length === 0) throw nothingSaved(this.#backend, this.#file.path);
    return servers;
  }
}

/** Otherwise no server would get the traffic. */
function refuseAway(servers: readonly ServerState[], units: SideUnits): void {
  for (const server of servers) if (server.away !== undefined && (units[server.name] ?? 0) > 0) throw notReady(server);
}

const nothingSaved = (backend: string, path: string) =>
  new StepError(
    'TRAFFIC_HAPROXY_NOT_SAVED',
    `${path} contains nothing about the backend ${backend}: HAProxy will start with the weights of its configuration.`,
    { hint: 'Check that those weights are right.' },
  );
