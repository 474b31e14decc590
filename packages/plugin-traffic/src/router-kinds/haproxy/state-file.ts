import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StepError } from 'relpipe/plugin';
import { readIfThere, replaceFile } from 'relpipe/plugin/toolkit';
import { shellWord } from '../../sides/shell-word.ts';
import type { RuntimeApi } from './runtime-api.ts';
import { parseServerStates, type ServerState } from './server-states.ts';

/** HAProxy's `server-state-file`: what a reload reads with `load-server-state-from-file global`. */
export class StateFile {
  readonly path: string;
  readonly #api: RuntimeApi;

  constructor(path: string, api: RuntimeApi) {
    this.path = path;
    this.#api = api;
  }

  /**
   * The servers as they will be after a reload: as they were saved, unless the weight of the configuration is another one by now; else
   * as they are configured. Source: HAProxy configuration manual, "load-server-state-from-file".
   */
  async afterReload(servers: readonly ServerState[]): Promise<readonly ServerState[]> {
    const saved = parseServerStates(await this.read());
    return servers.map((server) => {
      const kept = saved.find(({ backend, name, configured }) => backend === server.backend && name === server.name && configured === server.configured);
      return kept === undefined ? { ...server, weight: server.configured } : { ...server, weight: kept.weight, away: kept.away };
    });
  }

  /** Before the first change: what cannot be saved is not changed. @throws {StepError} `TRAFFIC_HAPROXY_NOT_SAVED` */
  async provide(): Promise<void> {
    try {
      await access(dirname(this.path), constants.W_OK);
    } catch (error) {
      throw notSaved(this.path, error);
    }
  }

  /** Saves the servers of all backends as they are: HAProxy has one such file. @throws {StepError} `TRAFFIC_HAPROXY_NOT_SAVED` */
  async save(): Promise<void> {
    await this.write(await this.#api.ask('show servers state'));
  }

  /** @param states as `show servers state` gives them  @throws {StepError} `TRAFFIC_HAPROXY_NOT_SAVED` */
  async write(states: string): Promise<void> {
    try {
      await replaceFile(this.path, states, { mode: 0o644 });
    } catch (error) {
      throw notSaved(this.path, error);
    }
  }

  /** `save` from a shell. */
  byHand(): string {
    return `${this.#api.byHand(['show servers state'])} > ${shellWord(this.path)}`;
  }

  /** Empty where there is none. @throws {StepError} `TRAFFIC_HAPROXY_NOT_SAVED` */
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
    hint: 'Let the user who runs the release write into its folder.',
    cause,
  });

const notRead = (path: string, cause: unknown) =>
  new StepError('TRAFFIC_HAPROXY_NOT_SAVED', `HAProxy's state file ${path} cannot be read: ${String(cause)}.`, {
    hint: 'Let the user who runs the release read it.',
    cause,
  });
