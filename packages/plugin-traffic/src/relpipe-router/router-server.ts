import { mkdir } from 'node:fs/promises';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { dirname } from 'node:path';
import { createControlServer } from './control/control-server.ts';
import { LocalRouter } from './control/local-router.ts';
import { DataPath } from './data-path/data-path.ts';
import { Side } from './data-path/side.ts';
import { watchHealth } from './health.ts';
import { RouterError } from './router-error.ts';
import type { Address } from './setting-reader.ts';
import type { RouterSettings } from './settings.ts';
import { provideControlToken, type ControlToken } from './state/control-token.ts';
import { firstWeights } from './state/first-weights.ts';
import { lockStateWhenFree, readState, writeState, type RouterState, type RunningState, type WeightState } from './state/state-file.ts';
import { routerVersion } from './this-package.ts';

/**
 * Starts a router in this process and resolves when it accepts requests and its state file says so.
 * @throws RouterError
 */
export async function serveRouter(settings: RouterSettings, log: (line: string) => void): Promise<RunningRouter> {
  await mkdir(dirname(settings.stateFile), { recursive: true });
  const lock = await lockStateWhenFree(settings.stateFile);
  try {
    // Read again, now that no other process can write it.
    const first = firstWeights(settings, await readState(settings.stateFile), new Date().toISOString());
    const server = new RouterServer(settings, first, await provideControlToken(settings.tokenFile), log, () => lock.release());
    await server.open();
    return server;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A router in this process. */
export interface RunningRouter {
  readonly running: RunningState;
  /** Resolves when the router has stopped. */
  readonly stopped: Promise<undefined>;
  /** Finishes the requests in flight (within `timeouts.shutdownMs`) and closes. A second call waits for the same end. */
  stop(): Promise<undefined>;
}

/** The servers, timers and files of one router, from its start to its end. */
class RouterServer implements RunningRouter {
  running: RunningState;
  readonly stopped: Promise<undefined>;
  readonly #settings: RouterSettings;
  readonly #sides: readonly Side[];
  readonly #dataPath: DataPath;
  readonly #router: LocalRouter;
  readonly #control: HttpServer;
  readonly #log: (line: string) => void;
  readonly #release: () => void;
  readonly #end = Promise.withResolvers<undefined>();
  #stopWatching: readonly (() => void)[] = [];
  #isStopping = false;

  constructor(settings: RouterSettings, first: WeightState, token: ControlToken, log: (line: string) => void, release: () => void) {
    this.#settings = settings;
    this.#log = log;
    this.#release = release;
    this.stopped = this.#end.promise;
    this.running = notYetListening(token);
    this.#sides = [...settings.sides].map(([name, origin]) => new Side(name, origin));
    this.#dataPath = new DataPath({ sides: this.#sides, weights: first.weights, timeouts: settings.timeouts, failover: settings.failover });
    this.#router = new LocalRouter({
      sides: this.#sides, dataPath: this.#dataPath, first,
      persist: (state) => this.#write(state, this.running),
      running: () => this.running,
      stop: () => void this.stop(),
    });
    this.#control = createControlServer(this.#router, token.token);
  }

  async open(): Promise<void> {
    try {
      const control = await listen(this.#control, this.#settings.control);
      this.running = { ...this.running, control, listen: await listen(this.#dataPath.server, this.#settings.listen) };
      await this.#write(this.#router.weights(), this.running);
    } catch (error) {
      this.#control.close();
      await this.#dataPath.stop();
      throw error;
    }
    this.#stopWatching = this.#sides.map((side) => watchHealth(side, this.#settings.health, (changed) => this.#logHealth(changed)));
    const { weights, generation } = this.#router.weights();
    const { running } = this;
    this.#log(`listening on ${running.listen}, control ${running.control}, weights ${JSON.stringify(weights)} of generation ${generation}`);
  }

  stop(): Promise<undefined> {
    if (!this.#isStopping) {
      this.#isStopping = true;
      this.#close().then(() => this.#end.resolve(undefined), (error: unknown) => this.#end.reject(error));
    }
    return this.stopped;
  }

  #logHealth({ name, health: { state, because = '' } }: Side): void {
    this.#log(`side "${name}" is ${state}${because && `: ${because}`}`);
  }

  async #close(): Promise<void> {
    this.#log('stopping: finishing the requests in flight');
    for (const stop of this.#stopWatching) stop();
    await this.#dataPath.stop();
    await this.#router.store.idle();
    this.#control.close();
    this.#control.closeAllConnections();
    await this.#write(this.#router.weights(), null);
    this.#release();
    this.#log('stopped');
  }

  #write(present: WeightState, running: RunningState | null): Promise<void> {
    const sides = Object.fromEntries([...this.#settings.sides].map(([name, { url }]) => [name, url]));
    const state: RouterState = { format: 1, sides, ...present, running };
    return writeState(this.#settings.stateFile, state);
  }
}

const notYetListening = ({ file }: ControlToken): RunningState => ({
  pid: process.pid,
  version: routerVersion(),
  startedAt: new Date().toISOString(),
  listen: '',
  control: '',
  ...(file !== undefined && { tokenFile: file }),
});

/** Listens. @returns the URL  @throws RouterError TRAFFIC_ROUTER_NOT_LISTENING */
function listen(server: Server, { host, port }: Address): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(notListening(`${host}:${port}`, error)));
    server.listen(port, host, () => resolve(urlOf(server.address())));
  });
}

const notListening = (address: string, { message }: Error) =>
  new RouterError(
    'TRAFFIC_ROUTER_NOT_LISTENING',
    `The router cannot listen on ${address}: ${message}.`,
    'Stop the program that listens there, or use another address, or port 0 for a free one.',
  );

function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}
