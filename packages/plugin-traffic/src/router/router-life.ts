import type { Server } from 'node:http';
import { createControlServer } from './control/control-server.ts';
import { DataPath } from './data-path/data-path.ts';
import { Side } from './data-path/side.ts';
import type { SideHealth } from './health-check.ts';
import { listen } from './listen.ts';
import { LocalRouter } from './local-router.ts';
import { routerVersion } from './router-version.ts';
import type { RouterSettings } from './settings/router-settings.ts';
import type { ControlToken } from './state/control-token.ts';
import type { RouterState, RunningState, WeightState } from './state/router-state.ts';
import { writeState } from './state/state-file.ts';
import { watchHealth } from './watch-health.ts';

/** A router that works inside this process. */
export interface RunningRouter {
  readonly running: RunningState;
  /** Resolves when the router has ended. */
  readonly stopped: Promise<undefined>;
  /** Finishes what is in flight (at most `timeouts.shutdownMs`) and closes. Calling it again waits for the same end. */
  stop(): Promise<undefined>;
}

/** The servers, timers and files of one router, from its opening to its end. */
export class RouterLife implements RunningRouter {
  running: RunningState;
  readonly stopped: Promise<undefined>;
  readonly #settings: RouterSettings;
  readonly #sides: readonly Side[];
  readonly #dataPath: DataPath;
  readonly #router: LocalRouter;
  readonly #control: Server;
  readonly #log: (line: string) => void;
  readonly #release: () => void;
  readonly #end = Promise.withResolvers<undefined>();
  #unwatches: readonly (() => void)[] = [];
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
    this.#unwatches = this.#sides.map((side) => watchHealth(side, this.#settings.health, (...change) => this.#logHealth(...change)));
    const { weights, generation } = this.#router.weights();
    this.#log(`listening on ${this.running.listen}, control ${this.running.control}, weights ${JSON.stringify(weights)} of generation ${generation}`);
  }

  stop(): Promise<undefined> {
    if (!this.#isStopping) {
      this.#isStopping = true;
      this.#close().then(() => this.#end.resolve(undefined), (error: unknown) => this.#end.reject(error));
    }
    return this.stopped;
  }

  #logHealth({ name }: Side, { state, because = '' }: SideHealth): void {
    this.#log(`side "${name}" is ${state}${because && `: ${because}`}`);
  }

  async #close(): Promise<void> {
    this.#log('stopping: finishing the requests in flight');
    for (const unwatch of this.#unwatches) unwatch();
    await this.#dataPath.stop();
    await this.#router.store.settled();
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
