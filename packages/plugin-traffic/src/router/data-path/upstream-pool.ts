import type { Origin } from './origin.ts';
import { UpstreamConnection, type UpstreamListener } from './upstream-connection.ts';

/** Connections to one side: at most one request on each at a time; those without one are kept for the next. */
export class UpstreamPool {
  readonly #origin: Origin;
  readonly #idle: UpstreamConnection[] = [];

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  /** The connection that was idle for the shortest time, if that is less than `maxIdleMs`; else a new one. */
  take(listener: UpstreamListener, maxIdleMs: number): UpstreamConnection {
    const youngest = this.#idle.at(-1);
    if (youngest === undefined || performance.now() - youngest.idleSince >= maxIdleMs) return this.connect(listener);
    this.#idle.pop();
    youngest.listener = listener;
    return youngest;
  }

  connect(listener: UpstreamListener): UpstreamConnection {
    return new UpstreamConnection(this.#origin, listener, (lost) => this.#forget(lost));
  }

  put(connection: UpstreamConnection): void {
    if (!connection.isUsable) return;
    connection.listener = undefined;
    connection.isReused = true;
    connection.idleSince = performance.now();
    this.#idle.push(connection);
  }

  /** Closes what has been idle since before `time`; servers close theirs too, and a race costs a retry. */
  closeIdleSince(time: number): void {
    for (const connection of this.#idle.filter(({ idleSince }) => idleSince < time)) connection.destroy();
  }

  #forget(connection: UpstreamConnection): void {
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
  }
}
